"""Inside a prison: the day's woman and nobody else, a visit and a note written with no hub there, and the lock.

inside.py URL MARKER OTHER: the address, a text of the visited woman, and one of another."""

import sys
import urllib.parse

from browser import Person, check, chromium, held_all


def main(start, marker, other):
    with chromium() as browser:
        worker = Person(browser)
        check(worker.open(start) == 200, "the start address does not open the pages")
        check(worker.page.locator(".banner").is_visible(), "there is no banner")
        worker.says_not(other)
        kinds = worker.tour()
        wanted = {"/", "/visit/*", "/visit/*/note", "/visit/*/record", "/visit/*/another"}
        check(wanted <= set(kinds), f"only {kinds} were found")
        home = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(worker.page.url))
        check(worker.open(home + "/sync") == 404, "there is a page that could use a network")
        worker.hold()

        worker.open(home + "/")
        worker.follow(marker)
        worker.says_not(other)
        # A script in every text of hers stays text; nothing runs, or it would be among the complaints.
        worker.says("<script>")
        worker.without_script()
        worker.follow("Record this visit")
        worker.page.get_by_label("Yes", exact=True).check()
        worker.write("When", "00:05")
        worker.write("Minutes", "40")
        worker.press("Save")
        worker.says("Saved on this laptop")
        worker.follow("Add a note")
        worker.page.locator("textarea").fill("Written inside")
        worker.press("Save")
        worker.says("Saved on this laptop")
        worker.follow("Add another visit")
        worker.write("When it happened", "")
        worker.press("Save")
        worker.says("There is a problem")
        worker.hold(dark=False)
        worker.follow("Back to the visit")
        worker.press("Lock now")
        worker.says("Code")
        worker.says_not(marker)
        worker.hold()
        held_all("inside", "inside", worker)
        worker.write("Code", "AAAA-AAAA")
        worker.press("Go on")
        worker.says("That is not the code")
        worker.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
