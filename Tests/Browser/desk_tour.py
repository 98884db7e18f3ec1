"""The worker's pages as they are read, on both sides of a referral: every page by axe-core, keyboard, zoom and print, in
light and dark, and nobody else's eyes. With a script in what somebody typed.

desk_tour.py PROGRAM FOLDER HUB-FOLDER HUB-URL"""

import datetime
import sys
import urllib.parse

import stranger
from browser import Person, check, chromium, held_all
from console_tour import PLANTED
from world import World, fill, plain, visit_today

# On the two desks together. What stands behind a form is held on the way, below.
PAGES = {
    "/", "/?show", "/case/*", "/case/new", "/case/*/laptops", "/case/*/add/*", "/case/*/consent", "/case/*/own-note", "/case/*/refer",
    "/row/*/*/change", "/row/*/*/delete", "/row/*/*/history", "/referrals", "/referral/*", "/referral/*/step/sent",
    "/referral/*/step/pre_check", "/referral/*/step/withdrawn", "/referral/*/step/under_assessment",
    "/referral/*/step/declined", "/referral/*/step/handover", "/referral/*/step/offered",
    "/referral/*/step/info_requested", "/referral/*/step/accepted", "/enquiry/*", "/returned", "/visits", "/visits?on",
    "/visits/forms?on", "/visits/pack?on", "/questions", "/questions/*", "/visits/record", "/visits/record?code", "/sync", "/replica",
    "/organisation", "/organisation/*", "/organisation/*/add",
}


# Another of the same kind may have other links.
EACH = ("/referral/*", "/row/*/*/change")


def main(program, folder, hub, url):
    world = World(program, folder, hub, url)
    try:
        desks, cases = fill(world, planted=PLANTED)
        prepare(desks, cases)
        with chromium() as browser:
            tour(world, browser, desks, cases)
    finally:
        world.stop()


def prepare(desks, cases):
    """A referral at each of its first stations, an enquiry, a visit of today, and every free text of Maya's planted."""
    office, other = desks["office"], desks["other"]
    maya = plain(cases["Maya"][0])
    visit_today(office, cases["Maya"][0])
    for sql in (
        "INSERT INTO need(case_id, category, detail) VALUES(?1, 'ACCOMMODATION', ?2)",
        "INSERT INTO case_note(case_id, subject, body) VALUES(?1, ?2, ?2)",
        "INSERT INTO goal(case_id, text) VALUES(?1, ?2)",
    ):
        office.sql(sql, maya, PLANTED)
    office.run("consent", "give", cases["Maya"][0], "--partner", "GLS")
    office.run("referral", "create", cases["Maya"][0], "--to", "GLS")
    office.run("referral", "precheck", "--to", "GLS", "--month", "2031-05")
    for name in ("Nia", "Nell"):
        case, _ = office.case(name + PLANTED, name, "Invented", "1984-02-03")
        last = office.refer(case, "GLS")
    other.sync()
    other.run("referral", "assess", last, "--assessor", "Ana Invented")
    other.sync()
    until = (datetime.date.today() + datetime.timedelta(days=30)).isoformat()
    office.run(
        "visit", "authorisation", "add", "--prison", "BZI", "--device", "Surrey office", "--governor-ref", "G-17",
        "--until", until)
    world = office.world
    conflict = world.hub("conflicts", "list")["conflicts"][0]["id"]
    world.hub("conflicts", "ask", conflict, "--question", "Where did you read it? " + PLANTED)
    office.sync()
    # What it said before can be put back.
    office.sql("UPDATE need SET detail = 'Other words' WHERE case_id = ?", maya)
    office.sync()


def tour(world, browser, desks, cases):
    seen = {}
    start = world.start("open", "--replica", desks["office"].file, after="open ")
    parts = urllib.parse.urlsplit(start)
    home = f"{parts.scheme}://{parts.netloc}"
    worker = Person(browser)
    check(worker.open(start) == 200, "the start address does not open the pages")
    check(worker.page.url == home + "/", "the token stays in the address")
    worker.says("Maya")
    [cookie] = worker.context.cookies()
    check(cookie["httpOnly"] and cookie["sameSite"] == "Strict", f"the cookie is {cookie}")
    worker.tour(seen=seen, each=EACH)
    behind_forms(worker, home)
    asks_who_wrote(worker, home, cases["Maya"][1])
    puts_back(worker, home, cases["Maya"][1])
    worker.close()

    receiver = Person(browser)
    receiver.open(world.start("open", "--replica", desks["other"].file, after="open "))
    receiver.tour(seen=seen, each=EACH)
    receiver.close()
    held_all("desk_tour", "desk", worker, receiver)
    check(PAGES <= set(seen), f"not found by links: {sorted(PAGES - set(seen))}; seen: {sorted(seen)}")

    # Escaping alone has to be enough: here the browser would run a script.
    trusting = Person(browser, bypass_csp=True)
    trusting.context.add_cookies([cookie])
    trusting.open(home + "/")
    trusting.follow(cases["Maya"][1])
    trusting.says("<script>")
    trusting.without_script()
    trusting.close()

    # The address works once.
    stranger_there = Person(browser)
    check(stranger_there.open(start) == 403, "the start address opens a second browser")
    stranger_there.says("Not signed in")
    stranger_there.hold()
    stranger_there.close()
    stranger.is_refused(home, "Maya", ["/", "/replica"], f"{cookie['name']}={cookie['value']}")
    print("seen:", ", ".join(sorted(seen)))


def behind_forms(worker, home):
    """What no link leads to: something found, something wrong, something refused, something gone, what a step moves."""
    worker.open(home + "/search")
    worker.hold()
    worker.write("Reference, name", "Maya")
    worker.press("Search")
    worker.says("found")
    worker.hold()
    # Back from what was found: the same list again, and no question about sending a form again.
    worker.click(worker.page.locator("main a[href^='/case/']").first)
    worker.page.go_back()
    worker.comes_to("/search/*")
    worker.says("found")
    worker.page.reload()
    worker.says("found")
    worker.open(home + "/visits")
    worker.follow("Pack for a laptop")
    worker.write("Folder for the file", "/nowhere/at/all")
    worker.press("See what goes in")
    worker.says("1 woman, 1 visit")
    worker.hold()
    worker.press("Make the file")
    worker.says("There is no such folder")
    worker.hold(dark=False)
    worker.write("Folder for the file", "")
    worker.press("See what goes in")
    worker.press("Make the file")
    worker.says("copied and verified")
    check(worker.open(home + "/case/00000000-0000-7000-8000-000000000000") == 404, "a case that is not here is shown")
    worker.hold()
    check(worker.open(home + "/nowhere") == 404, "there is a page that is none")
    worker.hold(dark=False)
    worker.open(home + "/case/new")
    worker.write("Date of birth", "2091-02-03")
    worker.press("Open the case")
    worker.says("There is a problem")
    worker.hold()
    worker.open(home + "/referrals")
    worker.click(worker.page.locator("main a[href^='/referral/']", has_text="To GLS").first)
    worker.click(worker.page.locator("main a[href*='/step/']").first)
    step = worker.page.url
    worker.press("Ask the hub first")
    worker.says("Nothing was changed")
    worker.hold()
    check(worker.open(step.rsplit("/", 1)[0] + "/accepted") == 403, "the receiver's step is offered to the sender")
    worker.says_not("ACCEPTED")
    worker.hold()


def asks_who_wrote(worker, home, reference):
    """What others wrote of a record, told by the hub and shown beside what this device knows."""
    worker.open(home + "/")
    worker.follow(reference)
    worker.click(worker.page.locator("main a[href$='/history']").first)
    worker.says("Who wrote each field last")
    worker.says_not("What the hub told")
    worker.press("Ask the hub what others wrote")
    worker.says("What the hub told")
    worker.says("Came to the hub")
    worker.hold()


def puts_back(worker, home, reference):
    """The form of a record with what an earlier edit said."""
    worker.open(home + "/")
    worker.follow(reference)
    worker.click(worker.page.locator("main a[href^='/row/need/'][href$='/history']").first)
    worker.follow("Put this back")
    check(worker.page.get_by_label("Detail").input_value() == PLANTED, "the earlier words are not in the form")
    worker.hold()


if __name__ == "__main__":
    main(*sys.argv[1:])
