"""Pictures of the main pages, of an invented network: screenshots.py PROGRAM FOLDER WHERE-TO"""

import datetime
import pathlib
import sqlite3
import sys

from browser import Person, chromium
from console_tour import enter
from paper import PAPER
from small import small
from world import World, fill, hold, plain

SIZE = {"width": 1000, "height": 700}
PARTNERS = [
    ("SRY", "Surrey Women's Centre"), ("GLS", "Gloucestershire Women's Centre"), ("BHM", "Birmingham Homes"),
    ("SYK", "South Yorkshire Together"), ("GMR", "Manchester Threshold"),
]
# Who asks whom, how often.
REFERRALS = [("BHM", "GMR", 3), ("GMR", "SYK", 1), ("SYK", "BHM", 2), ("SRY", "SYK", 1)]


class Camera:
    def __init__(self, browser, target, **options):
        self.person = Person(browser, size=SIZE, **options)
        self.target = pathlib.Path(target)

    def take(self, name, whole=True, dark=False):
        """The page that is shown, to at most so much of its length."""
        page = self.person.page
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.evaluate("() => document.activeElement.blur()")
        high = int(page.evaluate("() => scrollY + document.querySelector('main').getBoundingClientRect().bottom")) - 24
        clip = {"x": 0, "y": 0, "width": SIZE["width"], "height": min(high, 1400 if whole else SIZE["height"])}
        (self.target / f"{name}.png").write_bytes(small(page.screenshot(full_page=True, clip=clip)))


    def print(self, name):
        """The page that is shown, as its first sheet is printed."""
        page = self.person.page
        page.emulate_media(media="print")
        page.set_viewport_size(PAPER)
        high = int(page.evaluate("() => document.documentElement.getBoundingClientRect().height"))
        clip = {"x": 0, "y": 0, "width": PAPER["width"], "height": min(high, PAPER["height"])}
        (self.target / f"{name}.png").write_bytes(small(page.screenshot(full_page=True, clip=clip)))
        page.set_viewport_size(SIZE)
        page.emulate_media(media="screen")


def main(program, folder, target):
    world = World(program, folder)
    try:
        world.open_hub(PARTNERS)
        desks, cases = fill(world)
        offices = {"SRY": desks["office"], "GLS": desks["other"]}
        for number, (sender, receiver, count) in enumerate(REFERRALS):
            for code in (sender, receiver):
                if code not in offices:
                    offices[code] = world.join(code, name=f"{dict(PARTNERS)[code].split()[0]} office")
            for one in range(count):
                case, _ = offices[sender].case(f"Kay{number}{one}", "Kay", "Invented", f"19{70 + number * 3 + one}-03-05")
                offices[sender].refer(case, receiver)
        nights(world)
        hold(world)
        code = world.operator("Ruth Okafor")
        start = world.console()
        today(desks["office"], cases["Maya"])
        desks["laptop"].sync()
        with chromium() as browser:
            console(Camera(browser, target), start, code, cases["Dina"][1])
            asked(world, desks, cases)
            desk(Camera(browser, target), world.start("open", "--replica", desks["office"].file, after="open "), cases)
            returned(
                Camera(browser, target), world.start("open", "--replica", desks["other"].file, after="open "))
            inside(
                Camera(browser, target),
                world.start("open", "--inside", "--prison", "BZI", "--replica", desks["laptop"].file, after="open "))
    finally:
        world.stop()


def today(office, case):
    """A visit of today, which the governor allows."""
    now = datetime.datetime.now(datetime.timezone.utc)
    office.sql(
        "INSERT INTO visit(case_id, prison, planned_at) VALUES(?, 'BZI', ?)", plain(case[0]), int(now.timestamp() * 1000))
    office.sql("INSERT INTO need(case_id, category, detail) VALUES(?, 'ACCOMMODATION', 'Family home')", plain(case[0]))
    office.run(
        "visit", "authorisation", "add", "--prison", "BZI", "--device", "Surrey laptop", "--governor-ref", "G-17",
        "--until", (now + datetime.timedelta(days=30)).date().isoformat())
    office.sync()


def nights(world):
    """As if it had been used for weeks: the counts of nights alone, which no other table is held against."""
    hub = sqlite3.connect(world.hub_folder + "/hub.sqlite", timeout=60, isolation_level=None)
    last = hub.execute("SELECT max(night) FROM hub_night").fetchone()[0]
    for back in range(1, 28):
        syncs = 0 if back % 7 == 3 else 7 + back * 5 % 6
        hub.execute(
            "INSERT OR IGNORE INTO hub_night(night, syncs, bytes_up, bytes_down) VALUES(?, ?, ?, ?)",
            (last - back, syncs, syncs * (900 + back * 310 % 2700), syncs * (2100 + back * 730 % 5200)))
    hub.close()


def asked(world, desks, cases):
    """The hub asks about the conflict, and decides about the edit that it did not apply; the office has a note to send."""
    conflict = world.hub("conflicts", "list")["conflicts"][0]["id"]
    world.hub("conflicts", "ask", conflict, "--by", "Ruth Okafor", "--question", "Where did you read the day of birth?")
    edit = world.hub("quarantine", "list")["quarantine"][0]["id"]
    world.hub(
        "quarantine", "refuse", edit, "--by", "Ruth Okafor", "--reason", "Her own organisation asks her for the name")
    for desk in (desks["office"], desks["other"]):
        desk.sync()
    desks["office"].sql(
        "INSERT INTO case_note(case_id, body) VALUES(?, 'She rang: her mother keeps Ella until March.')",
        plain(cases["Maya"][0]))


def console(camera, start, code, reference):
    operator = camera.person
    operator.open(start)
    camera.take("console-sign-in", whole=False)
    enter(operator, code)
    camera.take("console-conflicts", whole=False)
    camera.take("console-conflicts-dark", whole=False, dark=True)
    operator.follow("Woman: Date of birth")
    camera.take("console-conflict")
    operator.follow("Ask ")
    camera.take("console-ask", whole=False)
    operator.follow("Back to the conflict")
    camera.print("console-conflict-printed")
    for page, name, then in (
        ("Not applied", "console-not-applied", "Woman:"), ("Held", "console-held", None),
        ("Duplicates", "console-duplicates", None), (None, "console-pair", " and "),
        ("Devices", "console-devices", None), ("Referrals", "console-referrals", None),
        ("Nights", "console-nights", None), ("Reports", "console-reports", None), ("Log", "console-log", None),
    ):
        if page:
            operator.follow(page)
        if then:
            operator.click(operator.page.locator("main").get_by_role("link", name=then).first)
        camera.take(name, whole=page not in ("Held", "Duplicates", "Log"))
    operator.follow("Conflicts")
    operator.follow("Edits that merged")
    camera.take("console-parallel", whole=False)
    operator.follow("Reports")
    operator.write("The case's reference", reference)
    operator.press("Show")
    camera.take("console-disclosures", whole=False)
    operator.close()


def desk(camera, start, cases):
    worker = camera.person
    worker.open(start)
    camera.take("desk-caseload", whole=False)
    worker.write("Search by reference", "Ma")
    worker.press("Search")
    camera.take("desk-search", whole=False)
    worker.follow("Caseload")
    worker.follow(cases["Dina"][1])
    camera.take("desk-case")
    camera.take("desk-case-dark", whole=False, dark=True)
    camera.print("desk-case-printed")
    worker.follow("Who carries it")
    camera.take("desk-laptops", whole=False)
    worker.follow("Back to the case")
    worker.follow("Start a referral")
    camera.take("desk-form")
    # What is wrong is said at once, each at its field.
    worker.follow("Caseload")
    worker.follow(cases["Maya"][1])
    worker.follow("Record consent")
    worker.page.get_by_label("When she decided").fill("")
    worker.press("Save her decision")
    camera.take("desk-problems", whole=False)
    worker.follow("Caseload")
    worker.follow(cases["Maya"][1])
    worker.click(worker.page.locator("main a[href^='/row/person/'][href$='/history']").first)
    camera.take("desk-history", whole=False)
    worker.follow("Referrals")
    camera.take("desk-referrals", whole=False)
    worker.click(worker.page.locator("main a[href^='/referral/']").first)
    camera.take("desk-referral")
    worker.follow("Visits")
    camera.take("desk-visits", whole=False)
    worker.follow("Forms to print")
    camera.print("desk-visit-form")
    worker.page.go_back()
    worker.follow("Pack for a laptop")
    camera.take("desk-pack")
    worker.follow("Visits")
    worker.follow("Type in a visit from paper")
    camera.take("desk-paper")
    worker.follow("Questions")
    camera.take("desk-questions", whole=False)
    worker.follow("Sync")
    worker.press("Sync now")
    worker.says("It has ended")
    worker.follow("see how")
    camera.take("desk-sync", whole=False)
    worker.follow("This organisation")
    camera.take("desk-organisation", whole=False)
    worker.click(worker.page.locator("main a[href='/organisation/prison_authorisation']"))
    camera.take("desk-records", whole=False)
    worker.follow("This replica")
    camera.take("desk-replica", whole=False)
    worker.close()


def returned(camera, start):
    worker = camera.person
    worker.open(start)
    worker.follow("Returned edits")
    camera.take("desk-returned", whole=False)
    worker.close()


def inside(camera, start):
    worker = camera.person
    worker.open(start)
    camera.take("desk-inside-visits", whole=False)
    worker.follow("Maya")
    camera.take("desk-inside")
    worker.press("Lock now")
    camera.take("desk-inside-locked", whole=False)
    worker.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
