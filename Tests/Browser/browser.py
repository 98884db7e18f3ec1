"""A real browser on the pages: opens them, holds every page against axe-core, walks it by keyboard, narrows it to what
400 % zoom leaves, and writes down every request that leaves this machine.

The pages' own security policy is on throughout. axe-core is evaluated by the debugger, to which the policy does not
apply, and is read from its installed package.
"""

import contextlib
import importlib.resources
import os
import re
import urllib.parse

from playwright.sync_api import sync_playwright

import paper
from pagelist import listed, page_of

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
WIDE = {"width": 1100, "height": 800}
# What a window of 1280 pixels shows at 400 %.
NARROW = {"width": 320, "height": 256}
LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
# How many seconds a page may take to come, on a machine that does much else.
PATIENCE = 60
# What tells why no page is shown has the same title wherever it stands.
REFUSED = (403, 404)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Wrong(Exception):
    """Something on a page is not as promised."""


def check(condition, what):
    if not condition:
        raise Wrong(what)


@contextlib.contextmanager
def chromium():
    """Starts the browser, without any of its own errands."""
    arguments = ["--disable-background-networking", "--disable-component-update", "--no-first-run", "--disable-gpu"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        try:
            yield browser
        finally:
            browser.close()


class Person:
    """One person's browser window: a session of its own, and notes of what it asked for."""

    def __init__(self, browser, dark=False, size=WIDE, bypass_csp=False):
        self.context = browser.new_context(
            viewport=size, color_scheme="dark" if dark else "light", bypass_csp=bypass_csp, locale="en-GB",
            timezone_id="Europe/London", reduced_motion="reduce")
        self.context.set_default_timeout(60_000)
        self.outside = []
        self.complaints = []
        # The addresses of the pages that were held, and the kind of page that each title was seen on.
        self.held = set()
        self.titles = {}
        self.context.on("request", self._request)
        self.page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", self._dialog)

    def _request(self, request):
        host = urllib.parse.urlsplit(request.url).hostname or ""
        if host not in LOOPBACK and ("[" + host + "]") not in LOOPBACK:
            self.outside.append(request.url)

    def _console(self, message):
        # An answer of 4xx is what some tests ask for; the browser notes each.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def _dialog(self, dialog):
        self.complaints.append("a dialog opened: " + dialog.message)
        dialog.dismiss()

    def open(self, url):
        response = self.page.goto(url)
        check(response is not None, "nothing was answered by a page")
        return response.status

    def close(self):
        """Ends the window; what it should not have asked for, and what the browser complained of, is an error."""
        outside, complaints = self.outside, self.complaints
        self.context.close()
        check(not outside, f"requests left this machine: {outside}")
        check(not complaints, f"the browser complained: {complaints}")

    # What a person does, by the words that are seen on the page.

    def follow(self, name):
        self.click(self.page.get_by_role("link", name=name).first)

    def press(self, name):
        self.click(self.page.get_by_role("button", name=name).first)

    def click(self, what):
        """Presses what leads to a page, and waits for that page."""
        with self.page.expect_navigation():
            what.click()

    def write(self, label, text):
        self.page.get_by_label(label).first.fill(text)

    def choose(self, label, option):
        self.page.get_by_label(label).first.select_option(label=option)

    def says(self, text):
        """Waits for it: what was pressed may still be on its way."""
        shown = ""
        for _ in range(PATIENCE * 10):
            shown = self.page.locator("main").inner_text()
            if text in shown:
                return
            self.page.wait_for_timeout(100)
        raise Wrong(f"{self.where()} does not say {text!r}; it says:\n{shown}")

    def comes_to(self, kind):
        for _ in range(PATIENCE * 10):
            if self.where() == kind:
                return
            self.page.wait_for_timeout(100)
        raise Wrong(f"this is {self.where()}, not {kind}")

    def says_not(self, text):
        check(text not in self.page.content(), f"{self.where()} says {text!r}")

    def where(self):
        return shape(self.page.url)

    # What every page is held against.

    def axe(self, rules=None):
        """No finding that is serious or critical, by WCAG 2.2 AA and by good practice."""
        if not self.page.evaluate("() => typeof axe !== 'undefined'"):
            self.page.evaluate(axe_source())
        result = self.page.evaluate(
            "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", rules or RULES)
        bad = [
            f"{found['id']} ({found['impact']}): {found['help']}: {[node['html'][:160] for node in found['nodes'][:3]]}"
            for found in result["violations"] if found["impact"] in ("serious", "critical")
        ]
        check(not bad, f"axe on {self.where()}: " + "; ".join(bad))

    def keyboard(self, limit=400):
        """Everything that can be used is reached by Tab, in order, and is seen when it is."""
        page = self.page
        page.evaluate("() => { document.activeElement.blur(); window.getSelection().removeAllRanges(); }")
        wanted = page.evaluate(f"() => {REACHABLE}.length")
        reached = set()
        # Tab stops at each part of a day and of a time.
        parts = 6 * page.locator("input[type=date], input[type=datetime-local]").count()
        for _ in range(min(limit, wanted + parts + 5)):
            page.keyboard.press("Tab")
            found = page.evaluate(FOCUSED)
            if found is None:
                break
            check(found["seen"], f"focus is not seen on {found['html']} of {self.where()}")
            reached.add(found["index"])
        missing = page.evaluate(
            f"reached => {REACHABLE}.map((e, i) => reached.includes(i) ? null : e.outerHTML.slice(0, 120))"
            ".filter(e => e)", sorted(reached))
        check(not missing, f"Tab does not reach {missing[:5]} on {self.where()}")

    def narrow(self):
        """At 400 % nothing makes the page scroll sideways."""
        self.page.set_viewport_size(NARROW)
        # What depends on the room there is.
        self.axe({"type": "rule", "values": [
            "color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block"]})
        wide = self.page.evaluate(
            "() => document.scrollingElement.scrollWidth > window.innerWidth ? [...document.querySelectorAll('body *')]"
            ".filter(e => e.getBoundingClientRect().right > window.innerWidth + 1).slice(0, 4)"
            ".map(e => e.outerHTML.slice(0, 120)) : null")
        self.page.set_viewport_size(WIDE)
        check(wide is None, f"{self.where()} scrolls sideways at 400 %: {wide}")

    def without_script(self):
        """No page has any script, or an address of another host."""
        found = self.page.evaluate(
            "() => [...document.querySelectorAll('script, iframe, object, embed')].map(e => e.outerHTML.slice(0, 120))"
            ".concat([...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => /^on/i.test(a.name)))"
            ".map(e => e.outerHTML.slice(0, 120)))"
            ".concat([...document.querySelectorAll('[href], [src], [action]')].map(e => e.href || e.src || e.action)"
            ".filter(u => typeof u === 'string' && !u.startsWith(location.origin) && !u.startsWith('#')))")
        check(not found, f"{self.where()} holds {found[:3]}")

    def hold(self, dark=True, keyboard=True):
        """Holds the page that is shown against all of it."""
        self.without_script()
        self.axe()
        if dark:
            # Nothing but colours is another in the dark.
            self.page.emulate_media(color_scheme="dark")
            self.axe({"type": "rule", "values": ["color-contrast"]})
            self.page.emulate_media(color_scheme="light")
        if keyboard:
            self.keyboard()
        self.narrow()
        self.elsewhere()
        self.named()
        if self.status() not in REFUSED:
            self.held.add(self.page.url)

    def elsewhere(self):
        """On paper it is black on white, whole, without what is for a screen alone; in forced colours nothing is lost."""
        found = paper.on_paper(self.page, WIDE)
        check(not found, f"{self.where()} on paper: {found}")
        found = paper.in_forced_colours(self.page)
        check(not found, f"{self.where()} in forced colours: {found}")

    def status(self):
        return self.page.evaluate("() => performance.getEntriesByType('navigation')[0].responseStatus")

    def named(self):
        """The title says what this page is about, and no other kind of page has it."""
        if self.status() in REFUSED:
            return
        title, kind = self.page.title(), self.where().split("?")[0]
        check(title.split(" – ")[0], f"{kind} has no title")
        other = self.titles.setdefault(title, kind)
        check(other == kind, f"{kind} and {other} are both called {title!r}")

    def tour(self, limit=80, skip=(), seen=None, each=()):
        """Follows every link of these pages, one page of each kind, and holds each against all of it.

        Returns the kinds that were seen: paths with their ids left out. Kinds in `seen` were seen before; of those in
        `each` every page is opened, for another may have other links.
        """
        waiting = [self.page.url]
        seen = {} if seen is None else seen
        here, visited = set(), set()
        while waiting and len(here) < limit:
            url = waiting.pop(0)
            # The forms of all tables are one kind: one template makes them, and other tests walk each.
            kind = re.sub(r"(?<=/add/)\w+|(?<=/row/)\w+|(?<=/organisation/)\w+", "*", shape(url))
            if url in visited or kind in here and kind not in each or any(part in kind for part in skip):
                continue
            visited.add(url)
            here.add(kind)
            status = self.open(url)
            check(status == 200, f"{kind}: {status}")
            if kind not in seen:
                self.hold()
            self.named()
            seen[kind] = status
            waiting += self.page.evaluate(
                "() => [...document.querySelectorAll('a[href]')].map(a => a.href.split('#')[0])"
                ".filter(u => u.startsWith(location.origin))")
        return sorted(seen)


def shape(url):
    """An address without its host and its ids."""
    parts = urllib.parse.urlsplit(url)
    path = re.sub(r"/start/[0-9a-f]+", "/start/*", parts.path)
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)[0-9]+(?=/|$)|(?<=/)[0-9a-f]{8,}(?=/|$)", "*", path)
    keys = sorted(key for key, _ in urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
    return path + ("?" + "&".join(keys) if keys else "")


def held_all(script, service, *people):
    """Each page that the list gives to a script was held by one of these people."""
    routes = [path for where, path, _ in listed() if where == service]
    held = {page_of(urllib.parse.urlsplit(url).path, routes) for person in people for url in person.held}
    missing = [path for where, path, by in listed() if (where, by) == (service, script) and path not in held]
    check(not missing, f"no browser held these pages of the {service}: {missing}")


def axe_source():
    return importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


# Everything that a person can use and that is shown; of a group of radio buttons the one that Tab stops at.
REACHABLE = """[...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')].filter(e => {
  if (e.disabled || !e.checkVisibility({visibilityProperty: true})) return false;
  if (e.type !== 'radio') return true;
  const group = [...document.getElementsByName(e.name)].filter(o => o.form === e.form && !o.disabled);
  return e === (group.find(o => o.checked) || group[0]);
})"""

FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return null;
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none'
    // The browser marks the part of the day or time that is typed.
    || e.type === 'date' || e.type === 'datetime-local';
  const inside = box.width > 0 && box.right > 0 && box.left < window.innerWidth;
  return {index: REACHABLE.indexOf(e), seen: outlined && inside, html: e.outerHTML.slice(0, 120)};
}""".replace("REACHABLE", REACHABLE)
