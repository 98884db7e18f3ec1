"""The whole way, with the pages alone, as somebody walks it who has never seen them: with the network off, a visit and a
note inside a prison and the start of a referral at the office; later the sync, the other side's acceptance, two offices who
write the same field, the decision at the hub, and its arrival in both offices. The other scripts hold the pages on the
way against axe-core and the keyboard.

whole_journey.py PROGRAM FOLDER"""

import datetime
import sys
import urllib.parse
import zoneinfo

from browser import Person, check, chromium
from console_tour import sign_in
from world import World, plain

LONDON = zoneinfo.ZoneInfo("Europe/London")
NEED = "Family home, two bedrooms"


class Office:
    """One desk and the person at it."""

    def __init__(self, world, browser, desk, *options):
        self.start = world.start("open", *options, "--replica", desk.file, after="open ")
        self.serving = world.latest
        self.world = world
        self.person = Person(browser)
        self.home = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(self.start))
        check(self.person.open(self.start) == 200, "the printed address does not open the pages")

    def sync(self):
        person = self.person
        person.follow("Sync")
        person.press("Sync now")
        for _ in range(600):
            if person.page.get_by_role("button", name="Sync now").count():
                break
            person.page.wait_for_timeout(100)
            person.page.reload()
        person.says_not("did not get through")

    def case(self, reference):
        self.person.open(self.home + "/")
        self.person.follow(reference)

    def leave(self):
        """Closes the window, which fails if any request went elsewhere, and the program."""
        self.person.close()
        self.world.end(self.serving)


def main(program, folder):
    world = World(program, folder)
    try:
        world.open_hub([("SRY", "Surrey Women's Centre"), ("GLS", "Gloucestershire Women's Centre")])
        office, laptop, other, case, reference = prepare(world)
        code = world.operator("Ruth Okafor")
        world.end(world.serving)
        with chromium() as browser:
            inside(world, browser, laptop)
            surrey = Office(world, browser, office)
            refer(surrey, reference)
            # The network is there again.
            world.serve()
            surrey.sync()
            back = Office(world, browser, laptop)
            back.sync()
            back.leave()
            surrey.sync()
            surrey.case(reference)
            surrey.person.says("She is hopeful about the flat")
            surrey.person.says("Talked about Ella's school")
            gloucestershire = Office(world, browser, other)
            gloucestershire.sync()
            accept(gloucestershire)
            surrey.sync()
            gloucestershire.sync()
            # Each writes it, and neither has seen the other's.
            change(surrey, reference, "Ground floor only: her knee")
            change(gloucestershire, reference, "Near the school in Tredworth")
            surrey.sync()
            gloucestershire.sync()
            gloucestershire.person.open(gloucestershire.home + "/")
            gloucestershire.person.says("Conflict")
            ask(world, browser, code, surrey, gloucestershire)
            decide(world, browser, code)
            for there in (surrey, gloucestershire):
                there.sync()
                there.case(reference)
                there.person.says("Near the school in Tredworth")
                there.person.says_not("Ground floor only")
                there.person.says_not("Conflict")
                there.leave()
    finally:
        world.stop()


def prepare(world):
    """What is there before: a woman on a laptop's caseload, a visit today, and the governor's word."""
    office = world.join("SRY", name="Surrey office")
    laptop = world.join("SRY", role="field", name="Surrey laptop")
    other = world.join("GLS", name="Gloucestershire office")
    case, reference = office.case("Maya", "Maya", "Harlow", "1991-04-02", "Ella:2019-06-30")
    office.sql("INSERT INTO need(case_id, category, detail) VALUES(?, 'ACCOMMODATION', ?)", plain(case), NEED)
    now = datetime.datetime.now(datetime.timezone.utc)
    # Also tomorrow: the day may end while this runs.
    for day in (0, 1):
        planned = int((now + datetime.timedelta(days=day)).timestamp() * 1000)
        office.sql("INSERT INTO visit(case_id, prison, planned_at) VALUES(?, 'BZI', ?)", plain(case), planned)
    until = (now + datetime.timedelta(days=30)).date().isoformat()
    office.sync()
    office.run("caseload", "add", reference, "--device", "Surrey laptop")
    office.run(
        "visit", "authorisation", "add", "--prison", "BZI", "--device", "Surrey laptop", "--governor-ref", "G-17",
        "--until", until)
    office.sync()
    laptop.sync()
    return office, laptop, other, case, reference


def inside(world, browser, laptop):
    desk = Office(world, browser, laptop, "--inside", "--prison", "BZI")
    person = desk.person
    check("No network" in person.page.inner_text("body"), "no banner says where this is")
    person.follow("Maya")
    person.says("Ella")
    person.follow("Record this visit")
    page = person.page
    page.get_by_label("Yes", exact=True).check()
    at = datetime.datetime.now(LONDON) - datetime.timedelta(minutes=1)
    page.get_by_label("When", exact=True).fill(at.strftime("%Y-%m-%d %H:%M"))
    page.get_by_label("Note").fill("She is hopeful about the flat")
    person.press("Save")
    person.says("Saved on this laptop")
    person.follow("Add a note")
    page.locator("textarea").fill("Talked about Ella's school")
    person.press("Save")
    person.says("Saved on this laptop")
    desk.leave()


def refer(surrey, reference):
    """With the network still off."""
    person = surrey.person
    surrey.case(reference)
    person.follow("Record consent")
    person.page.get_by_label("She agrees").check()
    person.page.locator("[name=partner]").select_option("GLS")
    person.press("Save her decision")
    person.says("Her decision was recorded")
    person.follow("Start a referral")
    person.page.locator("[name=to]").select_option("GLS")
    person.press("Save the draft")
    person.says("A draft")
    person.follow("Send it")
    person.press("Send it")
    person.says("It goes to the hub with the next sync")


def accept(gloucestershire):
    """From the arrival to the acceptance, station by station; before the last one the hub says what it would move."""
    person = gloucestershire.person
    person.follow("Referrals")
    person.click(person.page.locator("main a[href^='/referral/']").first)
    person.says("What you may do next")
    person.says("By GLS")
    person.follow("Begin the assessment")
    person.write("Who assesses it", "Ana Invented")
    person.press("Begin the assessment")
    person.says("The referral is now: Under assessment")
    gloucestershire.sync()
    person.follow("Referrals")
    person.click(person.page.locator("main a[href^='/referral/']").first)
    person.click(person.page.get_by_role("link", name="Accept it", exact=True))
    person.press("Ask the hub first")
    person.says("GLS")
    person.says("records, on 1 device")
    person.follow("Back to the step")
    person.click(person.page.get_by_role("button", name="Accept it", exact=True))
    person.says("The referral is now: Accepted")
    gloucestershire.sync()


def change(desk, reference, words):
    desk.case(reference)
    entry = desk.person.page.locator("article", has_text="Detail").filter(has_text=NEED).first
    desk.person.click(entry.get_by_role("link", name="Change"))
    desk.person.page.get_by_label("Detail").fill(words)
    desk.person.click(desk.person.page.locator("main form button[type=submit]").first)
    desk.case(reference)
    desk.person.says(words)


def ask(world, browser, code, surrey, gloucestershire):
    """The operator asks both; each finds its question, answers in words, and sees nothing of the other's."""
    operator = Person(browser)
    sign_in(operator, world.console(), code)
    operator.follow("Need: Detail")
    operator.follow("Ask both")
    operator.write("Your question", "Is it near the school in Tredworth?")
    operator.press("Ask both")
    operator.says("each may hold only its own")
    operator.hold()
    operator.write("Your question", "What did she say herself?")
    operator.press("Ask both")
    operator.says("Asked. Each has its question")
    operator.says("No answer yet")
    for there, words in ((surrey, "Her knee, she said"), (gloucestershire, "The school, she said")):
        there.sync()
        person = there.person
        person.open(there.home + "/")
        person.says("Question")
        person.follow("Questions")
        person.says("What did she say herself?")
        person.follow("Answer")
        person.press("Answer")
        person.says("There is a problem")
        person.write("Your answer", words)
        person.press("Answer")
        person.says(words)
        person.hold()
        there.sync()
    gloucestershire.person.follow("Questions")
    gloucestershire.person.says_not("Her knee, she said")
    operator.follow("All conflicts")
    operator.says("asked, 2 of 2 answered")
    operator.follow("Need: Detail")
    operator.says("Her knee, she said")
    operator.says("The school, she said")
    operator.hold()
    operator.close()


def decide(world, browser, code):
    operator = Person(browser)
    sign_in(operator, world.console(), code)
    operator.follow("Need: Detail")
    for words in (NEED, "Ground floor only: her knee", "Near the school in Tredworth"):
        operator.says(words)
    operator.page.get_by_label("Near the school in Tredworth").check()
    operator.write("How you know", "Both offices agreed on the telephone")
    operator.press("Decide")
    operator.says("Decided.")
    operator.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
