"""Pictures of the main pages, of an invented network: screenshots.py PROGRAM FOLDER WHERE-TO"""

import datetime
import pathlib
import sqlite3
import sys

from browser import Person, chromium
from console_tour import sign_in
from world import World, fill, plain

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

    def take(self, name, whole=True):
        """The page that is shown, to at most so much of its length."""
        page = self.person.page
        page.evaluate("() => document.activeElement.blur()")
        high = page.evaluate("() => document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": SIZE["width"], "height": min(high, 1400) if whole else SIZE["height"]}
        page.screenshot(path=self.target / f"{name}.png", full_page=True, clip=clip)


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
        code = world.operator("Ruth Okafor")
        start = world.console()
        today(desks["office"], cases["Maya"])
        desks["laptop"].sync()
        with chromium() as browser:
            console(Camera(browser, target), start, code)
            desk(Camera(browser, target), world.start("open", "--replica", desks["office"].file, after="open "), cases)
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


def console(camera, start, code):
    operator = camera.person
    sign_in(operator, start, code)
    camera.take("console-conflicts", whole=False)
    operator.follow("Woman: Date of birth")
    camera.take("console-conflict")
    for page, name in (
        ("Not applied", "console-not-applied"), ("Devices", "console-devices"),
        ("Referrals", "console-referrals"), ("Nights", "console-nights"), ("Reports", "console-reports"),
    ):
        operator.follow(page)
        if page == "Not applied":
            operator.follow("Woman:")
        camera.take(name)
    operator.close()


def desk(camera, start, cases):
    worker = camera.person
    worker.open(start)
    camera.take("desk-caseload", whole=False)
    worker.follow(cases["Dina"][1])
    camera.take("desk-case")
    worker.follow("Start a referral")
    camera.take("desk-form")
    worker.follow("Referrals")
    worker.click(worker.page.locator("main a[href^='/referral/']").first)
    camera.take("desk-referral")
    worker.close()


def inside(camera, start):
    worker = camera.person
    worker.open(start)
    worker.follow("Maya")
    camera.take("desk-inside")
    worker.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
