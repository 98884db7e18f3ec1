"""How fast the pages of the desk and of the console answer where there are many cases.

    python3 Benchmarks/pages.py .build/release/reunite-sync [CASES] [TIMES]
    python3 Benchmarks/pages.py .build/release/reunite-sync --people [FAMILIES] [TIMES]

Plays the demo, brings about what waits for a person, writes so many invented cases into one of its replicas with
ordinary SQL, opens the pages and asks for each TIMES times: once with all of them unsent, once with the last few, at the
console of the hub that has taken them, and there once more with thousands of entries in its lists. With --people, the
pages of the largest office of the network that `demo --people` makes, and of its hub: fewer cases with two years in each.
Prints the median and the slowest in milliseconds, and which pages of Tests/Browser/pages.txt there was nothing to show
on. Nothing here decides whether a test passes.
"""

import datetime
import json
import os
import pathlib
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
import uuid
import zoneinfo

from pageclient import Pages

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Browser"))
from world import Desk, World, hold, plain, visit_today  # noqa: E402


# So many cases are not sent yet where few are not.
UNSENT = 20
# So many entries in each list of the console that grows with the network.
ENTRIES = 2_000
# Of so many women one is on record twice.
TWICE = 100
# A number as letters: names are compared without digits.
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ha", "ji", "ko", "lu", "me")


def word(number):
    return "".join(SYLLABLES[int(digit)] for digit in str(number))


def fill(path, cases, start=0):
    """Writes cases as any client would."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA foreign_keys = ON")
    area = database.execute("SELECT max(partner_code) FROM (SELECT value AS partner_code FROM ru_meta"
                            " WHERE name = 'partner_code')").fetchone()[0]
    owner = database.execute("SELECT value FROM ru_meta WHERE name = 'partner'").fetchone()[0]
    with database:
        for number in range(start, start + cases):
            case, person, child = (uuid.uuid4().bytes for _ in range(3))
            woman = number - 1 if number % TWICE == TWICE - 1 else number
            born = datetime.date(1960, 1, 1) + datetime.timedelta(days=random.Random(woman).randrange(40 * 365))
            database.execute(
                "INSERT INTO case_file(id, ref, owner_partner_id, phase, opened_on) VALUES(?, ?, ?, 'ENQUIRY', '2026-01-05')",
                (case, f"X{area}-{number:05d}", owner))
            database.execute(
                "INSERT INTO person(id, case_id, legal_first, legal_last, known_as, date_of_birth) VALUES(?, ?, ?, ?, ?, ?)",
                (person, case, f"First{word(woman % 977)}", f"Last{word(woman)}", f"Known{word(woman % 1009)}",
                 born.isoformat()))
            database.execute(
                "INSERT INTO child(id, case_id, first_name, date_of_birth) VALUES(?, ?, 'Child', '2018-01-01')",
                (child, case))
            if woman == number:
                database.execute(
                    "INSERT INTO person_identifier(case_id, person_id, type, value) VALUES(?, ?, 'NOMS', ?)",
                    (case, person, f"A{number:04d}BC"))
            database.execute(
                "INSERT INTO person_phone(case_id, person_id, number) VALUES(?, ?, ?)",
                (case, person, f"07700 {900000 + number:06d}"))
            database.execute(
                "INSERT INTO address(case_id, lines, postcode, confidentiality) VALUES(?, ?, ?, 'NORMAL')",
                (case, f"{number} Invented Road", f"GU{number % 40} {number % 9}AA"))
            for _ in range(3):
                database.execute("INSERT INTO case_note(case_id, kind, body) VALUES(?, 'CONTACT', ?)", (case, "Words " * 40))
        noon = datetime.datetime.now(zoneinfo.ZoneInfo("Europe/London")).replace(hour=12, minute=0)
        database.execute("INSERT INTO visit(case_id, prison, planned_at) VALUES(?, 'BZI', ?)",
                         (case, int(noon.timestamp() * 1000)))
    found = database.execute("SELECT id FROM case_file ORDER BY id DESC LIMIT 1").fetchone()[0]
    database.close()
    return str(uuid.UUID(bytes=found))


# What is searched for among the cases that `fill` writes.
FILLED = (f"Known{word(7)}", f"Known{word(7)} Last{word(7)}", "A0007BC", "07700 900007", "GU1 1AA")


def desk(program, path, case, times, sought=FILLED):
    pages = Pages("desk", program, "open", "--replica", path)
    name, names, number, telephone, postcode = sought

    def search(text):
        return pages.form("/search", text=text)

    pages.ask("GET", f"/case/{case}")
    change = re.search(r'href="(/row/person/[^/]*)/change"', pages.text).group(1)
    referral = pages.first("/referrals", r"/referral/[^\"]*")
    steps = pages.first(referral[0], r"/referral/[^\"]*/step/[^\"]*") if referral else []
    own = pages.first("/organisation", r"/organisation/[^\"/]*")
    history = change + "/history"
    # Of the case that was referred: the demo changes her date of birth twice.
    referred = pages.first(referral[0], r"/case/[^\"/]*") if referral else []
    changed = pages.links(referred[0], r"/row/[^\"]*/change") if referred else []
    changes = (pages.first(row.replace("/change", "/history"), r"/row/[^\"]*/put-back/[0-9]*") for row in changed)
    back = next(filter(None, changes), [])
    pack = pages.first("/visits", r"/visits/pack[^\"]*")
    inside = pages.first("/visits", r"/visits/inside/[^\"]*")
    more = [
        ("a referral", referral), ("a step of it", steps), ("an enquiry", pages.first("/referrals", r"/enquiry/[^\"]*")),
        ("a question of the hub", pages.first("/questions", r"/questions/[^\"]*")),
        ("forms to print", pages.first("/visits", r"/visits/forms[^\"]*")),
        ("packing visits", pack), ("typed inside", inside), ("letting go of it", [path + "/let-go" for path in inside]),
        ("records of one's own", own), ("one more of them", [path + "/add" for path in own]),
        ("put back", back),
    ]
    pages.time([
        ("caseload", "GET", "/", None), ("caseload, page 100", "GET", "/?page=100", None),
        ("caseload, only unsent", "GET", "/?show=unsent", None),
        ("search by a name", "POST", "/search", search(name)),
        ("search by two names", "POST", "/search", search(names)),
        ("search by a number", "POST", "/search", search(number)),
        ("search by a telephone", "POST", "/search", search(telephone)),
        ("search by a postcode", "POST", "/search", search(postcode)),
        ("case", "GET", f"/case/{case}", None), ("form of a note", "GET", f"/case/{case}/add/case_note", None),
        ("form of a change", "GET", change + "/change", None),
        ("deletion", "GET", child_of(pages, case) + "/delete", None),
        ("history", "GET", history, None), ("consent", "GET", f"/case/{case}/consent", None),
        ("start a referral", "GET", f"/case/{case}/refer", None), ("open a case", "GET", "/case/new", None),
        ("an own note", "GET", f"/case/{case}/own-note", None), ("who carries it", "GET", f"/case/{case}/laptops", None),
        ("referrals", "GET", "/referrals", None), ("search, empty", "GET", "/search", None),
        ("questions", "GET", "/questions", None), ("this organisation", "GET", "/organisation", None),
        *((name, "GET", found[0], None) for name, found in more if found),
        *(("what is packed", "POST", "/visits/pack", packed(pages, path)) for path in pack),
        ("returned edits", "GET", "/returned", None), ("visits", "GET", "/visits", None),
        ("a visit from paper", "GET", "/visits/record", None), ("sync", "GET", "/sync", None),
        ("this replica", "GET", "/replica", None),
    ], times)
    pages.told()


def packed(pages, path):
    """The form about a visit bundle as it is opened: every visit of the day, for this machine."""
    pages.ask("GET", path)
    visits = re.findall(r'name="visits" value="([^"]*)"', pages.text)
    day = re.search(r'name="on" value="([^"]*)"', pages.text).group(1)
    return pages.form(path, on=day, visits=",".join(visits), device="self", hours=48)


def child_of(pages, case):
    """A record that may be deleted: her child."""
    pages.ask("GET", f"/case/{case}")
    return re.search(r'href="(/row/child/[^/]*)/change"', pages.text).group(1)


def signed_in(program, hub, times):
    """The console, with somebody who has signed in."""
    made = subprocess.run(
        [program, "hub", "operator", "add", "Ruth Invented", "--hub-dir", hub, "--json"], check=True,
        capture_output=True, text=True)
    pages = Pages("console", program, "hub", "console", "--hub-dir", hub)
    pages.time([("sign in", "GET", "/sign-in", None)], times)
    form = pages.form("/sign-in", name="Ruth Invented", code=json.loads(made.stdout)["code"])
    pages.take(pages.ask("POST", "/sign-in", form))
    return pages


def lengthen(office, other, case, entries):
    """So many conflicts, open and decided, edits side by side, edits not applied, clashes: of two
    organisations that hold one case, each of which writes without having seen the other's."""
    many = f"WITH RECURSIVE n(i) AS (VALUES(0) UNION ALL SELECT i + 1 FROM n WHERE i < {entries} - 1)"

    def sync():
        for desk in (office, other, office, other):
            desk.sync()

    for category in ("HOUSING", "MONEY", "HEALTH"):
        office.sql(f"INSERT INTO need(case_id, category, detail) {many} SELECT ?, '{category}', 'Many' FROM n", case)
    office.sql(
        f"INSERT INTO person_phone(case_id, person_id, number) {many}"
        " SELECT p.case_id, p.id, '07700 ' || (800000 + n.i) FROM n, person p WHERE p.case_id = ?", case)
    for desk in (office, other):
        desk.sql(
            f"INSERT INTO case_file(ref, owner_partner_id, phase, opened_on) {many} SELECT 'Q-' || n.i, m.value,"
            " 'ENQUIRY', '2026-01-05' FROM n, ru_meta m WHERE m.name = 'partner'")
    sync()
    office.sql("UPDATE need SET detail = 'One' WHERE detail = 'Many'")
    other.sql("UPDATE need SET detail = 'Two' WHERE detail = 'Many' AND category <> 'HEALTH'")
    other.sql("UPDATE need SET status = 'IN_PROGRESS' WHERE detail = 'Many' AND category = 'HEALTH'")
    # Whoever was sent a case changes what its owner alone may.
    other.sql("UPDATE person_phone SET safe_times = 'Evenings' WHERE number LIKE '07700 8%'")
    sync()
    # What is deleted waits for nobody any more.
    office.sql("DELETE FROM need WHERE category = 'MONEY'")
    sync()


def lists(program, hub, times):
    """The console's lists alone, their first and their second page."""
    pages = signed_in(program, hub, times)
    pages.time([
        *((f"{name}, page {page}", "GET", f"{path}?page={page}", None) for name, path in (
            ("conflicts", "/"), ("decided", "/decided"), ("parallel edits", "/parallel"),
            ("not applied", "/quarantine"), ("log", "/log")) for page in (1, 2)),
        ("two alike, page 2", "GET", "/?alike=2", None),
    ], times)
    pages.told_late()


def console(program, hub, times, case):
    pages = signed_in(program, hub, times)
    token = pages.form("/sign-out")
    conflict = pages.first("/", r"/conflict/[^\"]*") or pages.first("/decided", r"/conflict/[^\"]*")
    edit = pages.first("/quarantine", r"/quarantine/[^\"]*")
    pair = pages.first("/duplicates", r"/pair/[^\"]*")
    pages.time([
        *((name, "GET", found[0], None) for name, found in (
            ("a conflict", conflict), ("asking about it", pages.first(conflict[0], r"/conflict/[^\"]*/ask") if conflict else []),
            ("two alike", pages.first("/", r"/clash/[^\"]*")), ("an edit not applied", edit), ("maybe one woman", pair)) if found),
        *((name, "POST", found[0] + "/names", token) for name, found in (
            ("a conflict, with names", conflict), ("an edit, with names", edit), ("a pair, with names", pair)) if found),
        ("who was shown a case", "POST", "/reports/disclosures", token + "&case=" + case),
        *((name, "GET", path, None) for name, path in (
            ("conflicts", "/"), ("decided", "/decided"), ("parallel edits", "/parallel"),
            ("not applied", "/quarantine"), ("held", "/holds"), ("duplicates", "/duplicates"), ("devices", "/board"),
            ("referrals", "/referrals"), ("nights", "/nights"), ("reports", "/reports"), ("log", "/log"),
            ("not saved yet", "/kept"), ("sign out", "/sign-out"))),
    ], times)
    pages.told()


def people(program, families, times):
    """The pages of the invented network: at the office with most cases, and at the hub."""
    with tempfile.TemporaryDirectory() as folder:
        made = json.loads(subprocess.run(
            [program, "demo", "--people", "--families", str(families), "--seed", "1", "--dir", f"{folder}/people",
             "--json"], check=True, capture_output=True, text=True).stdout)
        office = max(made["offices"], key=lambda one: one["cases"])
        database = sqlite3.connect(office["replica"])
        # The case with most written about it, of a woman with a child and a telephone.
        case, first, last = database.execute(
            "SELECT p.case_id, p.legal_first, p.legal_last FROM person p WHERE EXISTS (SELECT 1 FROM child c"
            " WHERE c.case_id = p.case_id) AND EXISTS (SELECT 1 FROM person_phone t WHERE t.case_id = p.case_id)"
            " ORDER BY (SELECT count(*) FROM engagement_event e WHERE e.case_id = p.case_id) DESC, p.id LIMIT 1").fetchone()

        def one(text):
            return database.execute(text).fetchone()[0]

        sought = (first, f"{first} {last}", one("SELECT value FROM person_identifier WHERE type = 'NOMS' LIMIT 1"),
                  one("SELECT number FROM person_phone LIMIT 1"), one("SELECT coalesce(max(postcode), 'GU1 1AA') FROM address"))
        database.close()
        print(f"{families} families, {made['edits']} edits; the desk of an office with {office['cases']} cases and"
              f" {office['rows']} rows")
        desk(program, office["replica"], str(uuid.UUID(bytes=case)), times, sought)
        print("\nThe console")
        console(program, made["hub"], times, str(uuid.UUID(bytes=case)))


def bring_about(world, office, other):
    """What waits for a person, in the ways that people have: at the desk, at the hub, and on a form inside a prison.

    Returns the case that was referred."""
    office.sync()
    other.sync()
    conflict = world.hub("conflicts", "list")["conflicts"][0]
    maya = plain(conflict["scope"])
    world.hub("conflicts", "ask", conflict["id"], "--question", "Where was her date of birth read?")
    other.run("referral", "precheck", "--to", "SRY", "--month", "2031-05")
    # As many records of one's own as a page shows.
    office.sql(
        "INSERT INTO property(partner_id, name) WITH RECURSIVE house(number) AS (VALUES(1) UNION ALL"
        " SELECT number + 1 FROM house WHERE number < 200) SELECT m.value, 'House ' || number FROM house, ru_meta m"
        " WHERE m.name = 'partner'")
    # Whoever was sent a case changes what its owner alone may.
    other.sql("UPDATE person SET known_as = 'Another' WHERE case_id = ?", maya)
    # One woman at two organisations, under one reference: two that clash, and maybe one woman.
    una = ("Una", "Una", "Invented", "1969-01-09")
    _, reference = office.case(*una)
    case, _ = other.case(*una)
    other.sql("UPDATE case_file SET ref = ? WHERE id = ?", reference, plain(case))
    until = datetime.date.today() + datetime.timedelta(days=30)
    office.run(
        "visit", "authorisation", "add", "--prison", "BZI", "--device", "Surrey office", "--governor-ref", "G-17",
        "--until", until.isoformat())
    visit_today(office, conflict["scope"])
    hold(world)
    for one in (office, other, office):
        one.sync()
    # A form that is sent after the lock: what was typed waits for somebody to save it, or to let it go.
    pages = Pages("inside", world.program, "open", "--replica", office.file, "--inside", "--prison", "BZI")
    note = pages.first("/", r"/visit/[^\"/]*")[0] + "/note"
    form = pages.form(note, kind="VISIT", body="Typed when it locked", at="09:15")
    pages.ask("POST", "/lock", form)
    pages.ask("POST", note, form)
    pages.close()
    return conflict["scope"]


def main():
    program = os.path.abspath(sys.argv[1])
    is_invented = "--people" in sys.argv
    numbers = [int(word) for word in sys.argv[2:] if word.isdigit()]
    times = numbers[1] if len(numbers) > 1 else 15
    if is_invented:
        return people(program, numbers[0] if numbers else 600, times)
    cases = numbers[0] if numbers else 10_000
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "demo", "--keep", "--dir", f"{folder}/demo"], check=True, stdout=subprocess.DEVNULL)
        path, hub = f"{folder}/demo/surrey-office.sqlite", f"{folder}/demo/hub"
        world = World(program, folder, hub, "http://" + address(program, path))
        world.serve()
        try:
            office = Desk(world, path)
            referred = bring_about(world, office, Desk(world, f"{folder}/demo/gloucestershire-office.sqlite"))
            began = time.perf_counter()
            case = fill(path, cases)
            print(f"{cases} cases written in {time.perf_counter() - began:.1f} s")
            print("\nThe desk, all of them unsent")
            desk(program, path, case, times)
            began = time.perf_counter()
            for _ in range(3):
                office.sync()
            print(f"\nsent in {time.perf_counter() - began:.1f} s; the desk, the last {UNSENT} unsent")
            case = fill(path, UNSENT, start=cases)
            desk(program, path, case, times)
            print("\nThe console")
            console(program, hub, times, referred)
            began = time.perf_counter()
            lengthen(office, Desk(world, f"{folder}/demo/gloucestershire-office.sqlite"), plain(referred), ENTRIES)
            print(f"\nThe console's lists with {ENTRIES} more entries each, brought about in"
                  f" {time.perf_counter() - began:.0f} s")
            lists(program, hub, times)
        finally:
            world.stop()


def address(program, path):
    """Where the demo's replicas look for their hub."""
    status = subprocess.run(
        [program, "status", "--replica", path, "--json"], check=False, capture_output=True, text=True)
    return urllib.parse.urlsplit(json.loads(status.stdout)["hub"]).netloc


main()
