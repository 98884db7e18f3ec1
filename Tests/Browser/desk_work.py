"""A worker's day on the pages: a note with a mistake, a consent, a referral from the draft to the sent pack, Sync now.

desk_work.py URL REFERENCE: the address that `reunite-sync open` printed, and a case that is here."""

import sys

from browser import Person, check, chromium


def main(start, reference):
    with chromium() as browser:
        worker = Person(browser)
        check(worker.open(start) == 200, "the start address does not open the pages")
        worker.write("Search by reference", reference)
        worker.press("Search")
        worker.says("1 found")
        worker.hold()
        worker.follow(reference)

        worker.follow("Add a note")
        worker.choose("Kind", "Contact")
        worker.press("Save")
        worker.says("There is a problem")
        worker.hold()
        worker.page.get_by_role("alert").get_by_role("link").first.click()
        check(worker.page.evaluate("() => document.activeElement.name") == "body", "the summary does not lead to its field")
        worker.page.keyboard.type("Typed by keyboard alone")
        worker.page.keyboard.press("Tab")
        worker.press("Save")
        worker.says("Saved here")
        worker.says("Typed by keyboard alone")

        worker.follow("Record consent")
        worker.page.get_by_label("She agrees").check()
        worker.page.get_by_label("Partner").first.select_option(index=1)
        worker.press("Save her decision")
        worker.says("Her decision was recorded")

        worker.follow("Start a referral")
        worker.page.get_by_label("To", exact=True).select_option(index=1)
        worker.write("Release date", "2031-05-02")
        worker.press("Save the draft")
        worker.says("It stands at: Draft")
        worker.hold()
        worker.follow("Send it")
        worker.press("Send it")
        worker.says("The referral is now: Sent")
        worker.says("What others may do")

        keeps_house(worker)

        worker.follow("Sync")
        worker.press("Sync now")
        # The page is written while the sync runs; one that had ended before it was asked for says so at once.
        worker.page.wait_for_load_state("load")
        if worker.page.get_by_role("link", name="see how").count():
            worker.follow("see how")
        worker.says("Done: sent")
        worker.hold()
        worker.follow("Returned edits")
        worker.says("None wait for you")
        worker.follow("Sync")
        worker.follow("Is it safe to wipe this machine?")
        worker.says("Safe to wipe")
        worker.close()


def keeps_house(worker):
    """A house and a home in it, among the records of the organisation itself: the hub takes both."""
    worker.click(worker.page.locator("nav a[href='/organisation']"))
    worker.click(worker.page.locator("main a[href='/organisation/unit/add']"))
    worker.says("first add to “Property”")
    worker.hold(dark=False)
    worker.click(worker.page.locator("nav a[href='/organisation']"))
    worker.click(worker.page.locator("main a[href='/organisation/property/add']"))
    worker.write("Name", "Weir House")
    worker.press("Save")
    worker.says("Saved here")
    worker.hold(dark=False)
    worker.click(worker.page.locator("main a[href='/organisation']"))
    worker.click(worker.page.locator("main a[href='/organisation/unit/add']"))
    worker.page.get_by_label("Weir House").first.check()
    worker.page.locator("#field-ref").fill("WEIR-1")
    worker.press("Save")
    worker.says("Saved here")
    worker.says("WEIR-1")


if __name__ == "__main__":
    main(*sys.argv[1:])
