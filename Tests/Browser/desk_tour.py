"""The worker's pages as they are read: every page by axe-core, keyboard, zoom and print, and nobody else's eyes.

desk_tour.py URL MARKER: the address that `reunite-sync open` printed, and a text that stands in the records only."""

import sys
import urllib.parse

import stranger
from browser import Person, check, chromium


def main(start, marker):
    parts = urllib.parse.urlsplit(start)
    home = f"{parts.scheme}://{parts.netloc}"
    with chromium() as browser:
        worker = Person(browser)
        check(worker.open(start) == 200, "the start address does not open the pages")
        check(worker.page.url == home + "/", "the token stays in the address")
        worker.says(marker)
        [cookie] = worker.context.cookies()
        check(cookie["httpOnly"] and cookie["sameSite"] == "Strict", f"the cookie is {cookie}")
        kinds = worker.tour()
        check({"/", "/case/*"} <= set(kinds), f"only {kinds} were found")

        worker.open(home + "/")
        worker.page.emulate_media(media="print")
        check(not worker.page.locator("nav").first.is_visible(), "the navigation is printed")
        worker.close()

        # Escaping alone has to be enough: here the browser would run a script.
        trusting = Person(browser, bypass_csp=True)
        trusting.context.add_cookies([cookie])
        trusting.open(home + "/")
        trusting.follow(marker)
        trusting.says("<script>")
        trusting.without_script()
        trusting.close()

        # The address works once.
        other = Person(browser)
        check(other.open(start) == 403, "the start address opens a second browser")
        other.says("Not signed in")
        other.hold()
        other.close()
    stranger.is_refused(home, marker, ["/", "/replica"], f"{cookie['name']}={cookie['value']}")
    print("seen:", ", ".join(kinds))


if __name__ == "__main__":
    main(*sys.argv[1:])
