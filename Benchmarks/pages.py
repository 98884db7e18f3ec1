"""How fast the desk's pages answer on a replica of many cases.

    python3 Benchmarks/pages.py .build/debug/reunite-sync [CASES] [TIMES]

Plays the demo, writes so many invented cases into one of its replicas with ordinary SQL, opens the pages and asks for
each TIMES times. Prints the median and the slowest in milliseconds. Nothing here decides whether a test passes.
"""

import http.client
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import uuid


# So many cases are not sent yet; the others are as if the hub had taken them.
UNSENT = 20


def fill(path, cases):
    """Writes cases as any client would."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA foreign_keys = ON")
    area = database.execute("SELECT max(partner_code) FROM (SELECT value AS partner_code FROM ru_meta"
                            " WHERE name = 'partner_code')").fetchone()[0]
    owner = database.execute("SELECT value FROM ru_meta WHERE name = 'partner'").fetchone()[0]
    with database:
        for number in range(cases):
            if number == cases - UNSENT:
                database.execute("DELETE FROM ru_journal")
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
            for _ in range(3):
                database.execute("INSERT INTO case_note(case_id, kind, body) VALUES(?, 'CONTACT', ?)", (case, "Words " * 40))
    found = database.execute("SELECT id FROM case_file ORDER BY id DESC LIMIT 1").fetchone()[0]
    database.close()
    return str(uuid.UUID(bytes=found))


class Desk:
    """One browser with its cookie."""

    def __init__(self, program, path):
        self.server = subprocess.Popen(
            [program, "open", "--replica", path], stderr=subprocess.PIPE, text=True)
        start = ""
        while "open http" not in start:
            start = self.server.stderr.readline()
        address = urllib.parse.urlsplit(start.split()[-1])
        self.host = address.netloc
        self.line = http.client.HTTPConnection(self.host)
        self.cookie = None
        self.cookie = self.ask("GET", address.path).getheader("Set-Cookie").split(";")[0]

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

    def close(self):
        self.server.terminate()
        self.server.wait()


def main():
    program = sys.argv[1]
    cases = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    times = int(sys.argv[3]) if len(sys.argv) > 3 else 15
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "demo", "--keep", "--dir", f"{folder}/demo"], check=True, stdout=subprocess.DEVNULL)
        path = f"{folder}/demo/surrey-office.sqlite"
        began = time.perf_counter()
        case = fill(path, cases)
        print(f"{cases} cases written in {time.perf_counter() - began:.1f} s")
        subprocess.run([program, "status", "--replica", path], check=False, stdout=subprocess.DEVNULL)
        desk = Desk(program, path)
        desk.ask("GET", "/search")
        token = re.search(r'name="form_token" value="([^"]*)"', desk.text).group(1)

        def search(text):
            return urllib.parse.urlencode({"form_token": token, "text": text})

        pages = [
            ("caseload", "GET", "/", None), ("caseload, page 100", "GET", "/?page=100", None),
            ("caseload, only unsent", "GET", "/?show=unsent", None),
            ("search by a name", "POST", "/search", search("Known7")),
            ("search by two names", "POST", "/search", search("Known7 Last7")),
            ("search by a number", "POST", "/search", search("A0007BC")),
            ("case", "GET", f"/case/{case}", None), ("form of a note", "GET", f"/case/{case}/add/case_note", None),
            ("referrals", "GET", "/referrals", None), ("returned edits", "GET", "/returned", None),
            ("visits", "GET", "/visits", None), ("this replica", "GET", "/replica", None),
        ]
        for name, method, address, body in pages:
            spans = []
            for _ in range(times):
                began = time.perf_counter()
                status = desk.ask(method, address, body).status
                spans.append((time.perf_counter() - began) * 1_000)
                if status != 200:
                    raise SystemExit(f"{name}: {status}")
            print(f"{name:24} median {statistics.median(spans):7.1f} ms   slowest {max(spans):7.1f} ms")
        desk.close()


main()
