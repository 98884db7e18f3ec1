"""A laptop that holds nothing but a visit bundle: a note and a visit are typed inside with no hub there; outside it asks for
the case, the office says yes, and what was typed goes up. With the pages alone, but for the packing.

bundle_alone.py PROGRAM FOLDER"""

import datetime
import sys

from browser import check, chromium
from whole_journey import LONDON, Office
from world import World, visit_today


def main(program, folder):
    world = World(program, folder)
    try:
        world.open_hub([("SRY", "Surrey Women's Centre")])
        office = world.join("SRY", name="Surrey office")
        laptop = world.join("SRY", role="field", name="Surrey laptop")
        office.sync()
        case, reference = office.case("Maya", "Maya", "Harlow", "1991-04-02")
        visit_today(office, case)
        until = (datetime.date.today() + datetime.timedelta(days=30)).isoformat()
        office.run(
            "visit", "authorisation", "add", "--prison", "BZI", "--device", "Surrey laptop", "--governor-ref", "G-17",
            "--until", until)
        office.sync()
        laptop.sync()
        today = datetime.datetime.now(LONDON).date().isoformat()
        file = str(world.folder / "TODAY.RUB")
        office.run("visit", "pack", "--for", "Surrey laptop", "--on", today, "--to", file)
        world.end(world.serving)
        with chromium() as browser:
            inside = Office(world, browser, laptop, "--inside", "--prison", "BZI", file)
            person = inside.person
            person.follow("Maya")
            person.says("Her case is not on this laptop")
            person.hold()
            person.follow("Add a note")
            person.page.locator("textarea").fill("She asked for the school's number")
            person.press("Save")
            person.says("Saved on this laptop, sealed")
            inside.leave()
            check(laptop.sql("SELECT count(*) FROM case_note") == [(0,)], "a note without its case is in the tables")
            check(not laptop.run("status", status=(0, 1))["safe_to_wipe"], "the laptop is said to be safe to wipe")
            world.serve()
            outside = Office(world, browser, laptop)
            outside.person.follow("Visits")
            outside.person.says("Typed inside, waiting for its case")
            outside.person.hold()
            outside.sync()
            desk = Office(world, browser, office)
            desk.sync()
            desk.person.follow("Visits")
            desk.person.says("Laptops ask for a case")
            desk.person.hold()
            desk.person.press("Put it on the laptop")
            desk.person.says("It goes to the laptop")
            desk.sync()
            outside.sync()
            outside.person.follow("Visits")
            outside.person.says_not("Typed inside, waiting")
            desk.sync()
            desk.case(reference)
            desk.person.says("She asked for the school's number")
            outside.leave()
            desk.leave()
    finally:
        world.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
