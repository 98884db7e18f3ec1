"""A laptop that holds nothing but a visit bundle: a note and a visit are typed inside with no hub there; outside it asks for
the case, the office says yes, and what was typed goes up. With the pages alone, but for the packing.

On the way a form meets the lock, and the office types the same visit from paper: what cannot be written is let go. At the
end the office takes the case off the laptop, and puts it there again, which nobody asked for.

bundle_alone.py PROGRAM FOLDER"""

import datetime
import sys

from browser import check, chromium, held_all
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
            person.follow("Record this visit")
            person.page.get_by_label("Yes", exact=True).check()
            person.write("When", "00:05")
            person.press("Save")
            person.says("Saved on this laptop, sealed")
            locked(world, inside)
            held_all("bundle_alone", "inside", person)
            inside.leave()
            check(laptop.sql("SELECT count(*) FROM case_note") == [(0,)], "a note without its case is in the tables")
            check(not laptop.run("status", status=(0, 1))["safe_to_wipe"], "the laptop is said to be safe to wipe")
            world.serve()
            # The office has it from paper, with another time.
            now = int(datetime.datetime.now(datetime.timezone.utc).timestamp() * 1000)
            office.sql("UPDATE visit SET attended = 'LATE', recorded_for_at = ?", now)
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
            put_right(outside)
            held_all("bundle_alone", "desk", outside.person)
            carried(desk, outside, reference)
            outside.leave()
            desk.leave()
    finally:
        world.stop()


def locked(world, inside):
    """A form that is sent after the lock is kept, listed, and saved after the code."""
    person = inside.person
    person.follow("Add a note")
    person.page.locator("textarea").fill("Words of a locked form")
    other = person.context.new_page()
    other.goto(inside.home + "/")
    other.get_by_role("button", name="Lock now").click()
    other.wait_for_url(inside.home + "/unlock")
    other.close()
    person.press("Save")
    person.comes_to("/unlock")
    lines = "".join(path.read_text(encoding="utf-8") for path in world.folder.glob("served-*.err"))
    person.write("Code", lines.split("code after the lock: ")[-1].split()[0])
    person.press("Go on")
    person.follow("Typed before, not saved yet")
    person.says("Words of a locked form")
    person.hold()
    person.follow("Open its form again")
    person.press("Save")
    person.says("Saved on this laptop, sealed")
    person.says_not("Typed before, not saved yet")


def put_right(outside):
    """What was typed inside cannot be written beside what the office typed: it is shown, and let go."""
    person = outside.person
    person.follow("Visits")
    person.follow("What became of a visit")
    person.says("Another outcome is on record")
    person.hold()
    person.follow("Let it go")
    person.hold()
    person.press("Let it go for good")
    person.says("It is let go.")
    person.says_not("Typed inside, not written yet")


def carried(desk, outside, reference):
    """The office takes the case off the laptop, and puts it there again."""
    for button, said, there in (("Take it off", "It leaves the laptop", 0), ("Put it on", "It goes to the laptop", 1)):
        desk.case(reference)
        desk.person.follow("Who carries it")
        desk.person.press(button)
        desk.person.says(said)
        desk.sync()
        outside.sync()
        outside.person.open(outside.home + "/")
        check(outside.person.page.get_by_role("link", name=reference).count() == there, f"after {button!r}: {said}")


if __name__ == "__main__":
    main(*sys.argv[1:])
