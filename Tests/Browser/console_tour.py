"""The operator's console as somebody uses it who has never seen it: signs in, sees what waits, decides a conflict and
takes the decision back, refuses an edit, says of two records that they are one woman. Every page on the way is held
against axe-core, the keyboard and 400 % zoom, and the decision has to arrive at both devices.

console_tour.py PROGRAM FOLDER HUB-FOLDER HUB-URL"""

import sys
import urllib.parse

import stranger
from browser import Person, check, chromium, held_all
from world import World, fill, hold, plain

PLANTED = "<script>document.title='x'</script>\"><img src=x onerror=\"alert(1)\">"
NAME = "Ruth Okafor"
PAGES = {
    "/", "/decided", "/parallel", "/conflict/*", "/conflict/*/ask", "/clash/*", "/quarantine", "/quarantine/*", "/holds", "/duplicates", "/pair/*/*",
    "/board", "/referrals", "/nights", "/reports", "/log", "/sign-out",
}


def sign_in(person, start, code, name=NAME, holds=False):
    check(person.open(start) == 200, "the printed address does not open the console")
    if holds:
        person.hold()
    enter(person, code, name)


def enter(person, code, name=NAME):
    person.write("Your name", name)
    person.write("Your sign-in code", code)
    person.press("Sign in")


def keeps(operator, home, code):
    """Signed out in another window meanwhile: what was typed is there after signing in, until it is let go."""
    page = operator.page
    operator.write("How you know", "Words of an open form")
    other = operator.context.new_page()
    other.goto(home + "/sign-out")
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url(home + "/sign-in")
    other.close()
    page.get_by_label("Keep value 1").check()
    operator.press("Decide")
    operator.comes_to("/sign-in")
    operator.write("Your name", NAME)
    operator.write("Your sign-in code", code)
    operator.press("Sign in")
    for _ in range(2):
        check(page.get_by_label("How you know").input_value() == "Words of an open form", "it is not there again")
        page.reload()
    conflict = page.url
    operator.follow("Typed before, not saved yet")
    operator.says("Words of an open form")
    operator.hold()
    operator.press("Let it go")
    operator.says("It is let go.")
    operator.says_not("Typed before")
    operator.open(conflict)
    check(page.get_by_label("How you know").input_value() == "", "what was let go is there again")


def clash(desks):
    """Two organisations use one reference: neither is told of the other, and the operator is."""
    _, reference = desks["office"].case("Una" + PLANTED, "Una", "Invented", "1969-01-09")
    case, _ = desks["other"].case("Ida" + PLANTED, "Ida", "Invented", "1972-05-19")
    desks["other"].sql("UPDATE case_file SET ref = ? WHERE id = ?", reference, plain(case))
    for desk in ("office", "other"):
        desks[desk].sync()


def entries(world, kind):
    return world.hub("audit", "list", "--kind", kind)["entries"]


def main(program, folder, hub, url):
    world = World(program, folder, hub, url)
    try:
        desks, cases = fill(world, planted=PLANTED)
        hold(world)
        clash(desks)
        code = world.operator(NAME)
        start = world.console()
        with chromium() as browser:
            decide(world, browser, start, code, desks, cases)
    finally:
        world.stop()


def decide(world, browser, start, code, desks, cases):
    parts = urllib.parse.urlsplit(start)
    home = f"{parts.scheme}://{parts.netloc}"
    operator = Person(browser)
    sign_in(operator, start, "AAAA-AAAA-AAAA-AAAA", holds=True)
    operator.says("do not belong together")
    operator.hold(dark=False)
    operator.write("Your sign-in code", code)
    operator.press("Sign in")
    operator.comes_to("/")
    [cookie] = operator.context.cookies()
    check(cookie["httpOnly"] and cookie["sameSite"] == "Strict", f"the cookie is {cookie}")

    # Every page, one of each kind.
    kinds = set(operator.tour())
    check(PAGES <= kinds, f"not found by links: {PAGES - kinds}")

    # No name until it is asked for; and that is on record.
    reference = cases["Maya"][1]
    operator.open(home + "/")
    operator.says(reference)
    operator.follow("Woman: Date of birth")
    operator.says("1991-04-02")
    operator.says("1991-04-12")
    operator.says("1991-05-02")
    operator.says_not("Harlow")
    before = len(entries(world, "viewed"))
    operator.press("Show names")
    operator.says("Known as")
    operator.says("Harlow")
    operator.says("<script>")
    operator.hold()
    check(len(entries(world, "viewed")) == before + 1, "seeing names is not on the audit log")
    operator.follow("Devices")
    operator.page.go_back()
    operator.says("Harlow")
    check(len(entries(world, "viewed")) == before + 3, "seeing names again is not on the audit log")

    # Asked, and nobody has answered yet when it is decided.
    page = operator.page
    operator.click(page.locator("main a[href$='/ask']"))
    operator.write("Your question", "Where was that date read?")
    operator.press("Ask")
    operator.says("No answer yet.")
    operator.hold(dark=False)

    # By the keyboard alone: too short a reason is said plainly, then it is decided.
    page = operator.page
    page.get_by_label("Keep value 1").focus()
    page.keyboard.press("Space")
    chosen = page.get_by_label("Keep value 1").locator("xpath=following-sibling::label").inner_text()
    page.get_by_label("How you know").focus()
    page.keyboard.type("short")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    operator.says("There is a problem")
    operator.hold(dark=False)
    check(page.get_by_label("Keep value 1").is_checked(), "what was chosen is forgotten")
    operator.write("How you know", "Seen on the birth certificate")
    page.get_by_role("button", name="Decide").focus()
    page.keyboard.press("Enter")
    operator.says("Decided.")
    operator.says(NAME)
    conflict = page.url
    right = "1991-04-12" if "1991-04-12" in chosen else "1991-05-02"
    arrives(desks, right)
    check(entries(world, "conflict-decided"), "the decision is not on the audit log")
    looking = world.hub("report", "quality")["looking"]
    check(looking["decided"] == 1 and 0 <= looking["median_minutes"] < 30, "nobody knows how long the operator looked")

    # Undo: the question is open again, at both.
    operator.write("Why it is taken back", "That certificate was another's")
    operator.press("Take the decision back")
    operator.says("Taken back.")
    operator.says("Ask again")
    keeps(operator, home, code)
    for desk in ("office", "laptop"):
        desks[desk].sync()
        check(desks[desk].run("status", status=(0, 1))["conflicts"] == 1, "the conflict is not open again")
    page.get_by_label("Another value", exact=True).check()
    operator.write("Another value: Date of birth", "the 22nd of April")
    operator.write("How you know", "Both were wrong: the prison's card says so")
    operator.press("Decide")
    operator.says("does not fit its column")
    operator.write("Another value: Date of birth", "1991-04-22")
    operator.write("How you know", "Both were wrong: the prison's card says so")
    operator.press("Decide")
    arrives(desks, "1991-04-22")

    # An edit that was not applied.
    operator.follow("Not applied")
    operator.follow("Woman: Known as")
    operator.says("Dee" + PLANTED)
    edit = page.url
    operator.press("Show names")
    operator.says("Known as")
    operator.hold()
    operator.open(edit)
    page.get_by_label("Refuse for good").check()
    operator.write("Why", "Only her own worker may change it")
    operator.press("Decide")
    operator.says("Refused for good")
    desks["other"].sync()
    item = desks["other"].run("inbox", status=(0, 1))["inbox"][0]
    check(item["state"] == "refused", f"its author hears {item}")

    # Two records, one woman.
    operator.follow("Duplicates")
    operator.follow(f"{cases['Maya'][1]}")
    operator.says("One woman, or two?")
    operator.says_not("Harlow")
    pair = page.url
    operator.press("Show names")
    operator.says("Harlow")
    operator.hold()
    operator.open(pair)
    page.get_by_label("One woman", exact=True).check()
    operator.write("What was compared", "Same name and day, checked with the prison")
    operator.press("Record it")
    operator.says("Recorded as one woman")
    operator.follow(f"{cases['Maya'][1]}")
    operator.says("It was decided that they are one")
    page.get_by_label("Take that decision back").check()
    operator.write("What was compared", "Two sisters: the number was mistyped")
    operator.press("Record it")
    operator.says("Taken back")

    # Who was shown what of a case: asked by a form, so that no address tells of whom.
    operator.follow("Reports")
    operator.write("The case's reference", cases["Dina"][1])
    operator.press("Show")
    operator.says("Gloucestershire")
    operator.says("‘Accepted’")
    operator.says_not("ACCEPTED")
    check(cases["Dina"][1] not in page.url, "the address tells of whom it is")
    operator.hold()

    # What was decided: pictures and the log, and no name in any title or address.
    operator.follow("Log")
    operator.says(NAME)
    operator.says("Conflict reopened")

    # What does not fit on one page of a list is on the next.
    while len(world.hub("audit", "list")["entries"]) <= 100:
        operator.open(home + "/log")
    operator.open(home + "/log")
    operator.follow("The entries after these")
    operator.says("page 2 of")
    operator.hold()
    operator.follow("The entries before these")
    operator.says("page 1 of")
    operator.follow("Nights")
    operator.comes_to("/nights")
    check(page.locator("svg rect").count() >= 28 * 3, "the nights have no bars")
    operator.follow("Referrals")
    operator.comes_to("/referrals")
    check(page.locator("svg path").count() == 1, "the referral is not in the picture")

    # A file that waits for one before it, let go.
    operator.follow("Held")
    operator.says("an earlier file of this device")
    operator.hold()
    operator.press("Release")
    operator.says("Released: 1 edit")

    held_all("console_tour", "console", operator)

    # Strangers.
    secret = reference
    stranger.is_refused(home, secret, ["/", "/board", "/log"], f"{cookie['name']}={cookie['value']}")
    status = stranger.cross_site(operator, conflict, {"choice": "1", "reason": "from elsewhere, for certain"})
    check(status == 403, f"a form from another site was answered with {status}")
    status, _, _ = stranger.ask(
        home, urllib.parse.urlsplit(conflict).path + "/reopen", "POST",
        {"Cookie": f"{cookie['name']}={cookie['value']}"}, "reason=without+any+token+at+all")
    check(status == 403, f"a form without the token was answered with {status}")
    arrives(desks, "1991-04-22")
    other = Person(browser)
    check(other.open(start) == 403, "the printed address opens a second browser")
    other.close()

    # Escaping alone is enough: here the browser would run a script.
    trusting = Person(browser, bypass_csp=True)
    trusting.context.add_cookies([cookie])
    trusting.open(conflict)
    trusting.press("Show names")
    trusting.says("<script>")
    trusting.without_script()
    trusting.close()

    # Whoever may not any more is out with the next page.
    operator.follow("Devices")
    world.hub("operator", "end", NAME)
    operator.follow("Nights")
    operator.comes_to("/sign-in")
    operator.close()
    check(world.hub("audit", "verify")["consistent"], "the audit log does not agree with the hub")


def arrives(desks, day):
    for desk in ("office", "laptop"):
        desks[desk].sync()
        found = desks[desk].sql("SELECT date_of_birth FROM person WHERE known_as LIKE 'Maya%'")
        check(found == [(day,)], f"{desk} has {found}, not {day}")


if __name__ == "__main__":
    main(*sys.argv[1:])
