"""How fast the pages of the desk and of the console answer where there are many cases.

    python3 Benchmarks/pages.py .build/release/reunite-sync [CASES] [TIMES]
    python3 Benchmarks/pages.py .build/release/reunite-sync --people [FAMILIES] [TIMES]

Plays the demo, writes so many invented cases into one of its replicas with ordinary SQL, opens the pages and asks for
each TIMES times: once with all of them unsent, once with the last few, and at the console of the hub that has taken
them. With --people, the pages of the largest office of the network that `demo --people` makes, and of its hub: fewer
cases with two years in each. Prints the median and the slowest in milliseconds, and which pages of
Tests/Browser/pages.txt there was nothing to show on. Nothing here decides whether a test passes.
"""

import datetime
import http.client
import json
import pathlib
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import uuid
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Browser"))
from pagelist import listed, page_of  # noqa: E402


# So many cases are not sent yet where few are not.
UNSENT = 20
TARGET = 100


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
            database.execute(
                "INSERT INTO case_file(id, ref, owner_partner_id, phase, opened_on) VALUES(?, ?, ?, 'ENQUIRY', '2026-01-05')",
                (case, f"X{area}-{number:05d}", owner))
            database.execute(
                "INSERT INTO person(id, case_id, legal_first, legal_last, known_as, date_of_birth) VALUES(?, ?, ?, ?, ?, ?)",
                (person, case, f"First{number % 977}", f"Last{number}", f"Known{number % 1009}", "1990-01-01"))
            database.execute(
                "INSERT INTO child(id, case_id, first_name, date_of_birth) VALUES(?, ?, 'Child', '2018-01-01')",
                (child, case))
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


class Pages:
    """One browser with its cookie, on the pages that a command serves."""

    def __init__(self, *command):
        self.server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        start = ""
        while "open http" not in start:
            start = self.server.stderr.readline()
        address = urllib.parse.urlsplit(start.split()[-1])
        self.host = address.netloc
        self.line = http.client.HTTPConnection(self.host)
        self.cookie = None
        self.take(self.ask("GET", address.path))

    def take(self, answer):
        self.cookie = answer.getheader("Set-Cookie", self.cookie).split(";")[0]

    def ask(self, method, path, body=None):
        headers = {"Host": self.host}
        if self.cookie:
            headers["Cookie"] = self.cookie
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.line.request(method, path, body, headers)
        answer = self.line.getresponse()
        self.text = answer.read().decode()
        return answer

    def token(self, path):
        self.ask("GET", path)
        return re.search(r'name="form_token" value="([^"]*)"', self.text).group(1)

    def first(self, page, pattern):
        """The address of the first link on a page that fits; nothing where there is none."""
        self.ask("GET", page)
        return re.findall(pattern.join(('href="(', ')"')), self.text)[:1]

    def time(self, service, pages, times):
        late, timed = [], set()
        routes = [path for where, path, _ in listed() if where == service]
        for name, method, address, body in pages:
            spans = []
            for _ in range(times):
                began = time.perf_counter()
                answer = self.ask(method, address, body)
                # What is asked for by a form is shown by a page of its own.
                if answer.status == 303:
                    address_shown = answer.getheader("Location")
                    answer = self.ask("GET", address_shown)
                    timed.add(page_of(urllib.parse.urlsplit(address_shown).path, routes))
                status = answer.status
                spans.append((time.perf_counter() - began) * 1_000)
                if status != 200:
                    raise SystemExit(f"{name}: {status}")
            timed.add(page_of(urllib.parse.urlsplit(address).path, routes))
            median = statistics.median(spans)
            if median >= TARGET:
                late.append(name)
            print(f"{name:28} median {median:7.1f} ms   slowest {max(spans):7.1f} ms")
        print("over the target: " + ", ".join(late) if late else f"every median is under {TARGET} ms")
        rest = [route for route in routes if route not in timed]
        print("not timed, for there was nothing to show: " + ", ".join(rest) if rest else "every page was timed")

    def close(self):
        self.server.terminate()
        self.server.wait()


# What is searched for among the cases that `fill` writes.
FILLED = ("Known7", "Known7 Last7", "A0007BC", "07700 900007", "GU1 1AA")


def desk(program, path, case, times, sought=FILLED):
    pages = Pages(program, "open", "--replica", path)
    name, names, number, telephone, postcode = sought
    token = pages.token("/search")

    def search(text):
        return urllib.parse.urlencode({"form_token": token, "text": text})

    pages.ask("GET", f"/case/{case}")
    change = re.search(r'href="(/row/person/[^/]*)/change"', pages.text).group(1)
    referral = pages.first("/referrals", r"/referral/[^\"]*")
    steps = pages.first(referral[0], r"/referral/[^\"]*/step/[^\"]*") if referral else []
    own = pages.first("/organisation", r"/organisation/[^\"/]*")
    history = change + "/history"
    more = [
        ("a referral", referral), ("a step of it", steps), ("an enquiry", pages.first("/referrals", r"/enquiry/[^\"]*")),
        ("a question of the hub", pages.first("/questions", r"/questions/[^\"]*")),
        ("forms to print", pages.first("/visits", r"/visits/forms[^\"]*")),
        ("packing visits", pages.first("/visits", r"/visits/pack[^\"]*")),
        ("records of one's own", own), ("one more of them", [path + "/add" for path in own]),
        ("put back", pages.first(history, r"/row/[^\"]*/put-back/[0-9]*")),
    ]
    pages.time("desk", [
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
        ("returned edits", "GET", "/returned", None), ("visits", "GET", "/visits", None),
        ("a visit from paper", "GET", "/visits/record", None), ("sync", "GET", "/sync", None),
        ("this replica", "GET", "/replica", None),
    ], times)
    pages.close()


def child_of(pages, case):
    """A record that may be deleted: her child."""
    pages.ask("GET", f"/case/{case}")
    return re.search(r'href="(/row/child/[^/]*)/change"', pages.text).group(1)


def console(program, hub, times, case):
    made = subprocess.run(
        [program, "hub", "operator", "add", "Ruth Invented", "--hub-dir", hub, "--json"], check=True,
        capture_output=True, text=True)
    pages = Pages(program, "hub", "console", "--hub-dir", hub)
    form = {"form_token": pages.token("/sign-in"), "name": "Ruth Invented", "code": json.loads(made.stdout)["code"]}
    pages.take(pages.ask("POST", "/sign-in", urllib.parse.urlencode(form)))
    token = urllib.parse.urlencode({"form_token": pages.token("/sign-out")})
    conflict = pages.first("/", r"/conflict/[^\"]*") or pages.first("/decided", r"/conflict/[^\"]*")
    edit = pages.first("/quarantine", r"/quarantine/[^\"]*")
    pair = pages.first("/duplicates", r"/pair/[^\"]*")
    pages.time("console", [
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
    pages.close()


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


def main():
    program = sys.argv[1]
    is_invented = "--people" in sys.argv
    numbers = [int(word) for word in sys.argv[2:] if word.isdigit()]
    times = numbers[1] if len(numbers) > 1 else 15
    if is_invented:
        return people(program, numbers[0] if numbers else 600, times)
    cases = numbers[0] if numbers else 10_000
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "demo", "--keep", "--dir", f"{folder}/demo"], check=True, stdout=subprocess.DEVNULL)
        path = f"{folder}/demo/surrey-office.sqlite"
        began = time.perf_counter()
        case = fill(path, cases)
        print(f"{cases} cases written in {time.perf_counter() - began:.1f} s")
        print("\nThe desk, all of them unsent")
        desk(program, path, case, times)
        hub = f"{folder}/demo/hub"
        serving = subprocess.Popen(
            [program, "hub", "serve", "--hub-dir", hub, "--listen", address(program, path)], stderr=subprocess.PIPE,
            text=True)
        while "listening on" not in serving.stderr.readline():
            pass
        began = time.perf_counter()
        for _ in range(3):
            subprocess.run([program, "sync", "--replica", path], check=False, stdout=subprocess.DEVNULL)
        print(f"\nsent in {time.perf_counter() - began:.1f} s; the desk, the last {UNSENT} unsent")
        case = fill(path, UNSENT, start=cases)
        desk(program, path, case, times)
        print("\nThe console")
        console(program, hub, times, case)
        serving.terminate()
        serving.wait()


def address(program, path):
    """Where the demo's replicas look for their hub."""
    status = subprocess.run(
        [program, "status", "--replica", path, "--json"], check=False, capture_output=True, text=True)
    return urllib.parse.urlsplit(json.loads(status.stdout)["hub"]).netloc


main()
