"""Pictures of the main pages, of an invented network: screenshots.py PROGRAM FOLDER WHERE-TO"""

import pathlib
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
        with chromium() as browser:
            console(Camera(browser, target), start, code)
    finally:
        world.stop()


def nights(world):
    """As if it had been used for weeks: the counts of nights alone, which no other table is held against."""
    import sqlite3
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
        ("Not applied", "console-not-applied"), ("Duplicates", "console-duplicates"), ("Devices", "console-devices"),
        ("Referrals", "console-referrals"), ("Nights", "console-nights"), ("Reports", "console-reports"), ("Log", "console-log"),
    ):
        operator.follow(page)
        if page == "Not applied":
            operator.follow("Woman:")
        camera.take(name)
    operator.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
