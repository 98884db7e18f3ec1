"""An invented network, made by the program alone: a hub, offices and a laptop, and what waits for an operator there.

Everybody in it is invented."""

import datetime
import json
import pathlib
import sqlite3
import subprocess
import time
import urllib.parse


class World:
    """A folder with a hub and the replicas of a few organisations."""

    def __init__(self, program, folder, hub=None, url=None):
        self.program = program
        self.folder = pathlib.Path(folder)
        self.hub_folder = hub or str(self.folder / "hub")
        self.url = url
        self.running = []

    def run(self, *arguments, status=(0,), within=300):
        """Runs a command. Returns what it printed: a document with --json, else text."""
        ran = subprocess.run(
            [self.program, *arguments], cwd=self.folder, capture_output=True, text=True, timeout=within, check=False)
        if ran.returncode not in status:
            raise RuntimeError(f"{arguments}: status {ran.returncode}\n{ran.stdout}\n{ran.stderr}")
        return json.loads(ran.stdout) if "--json" in arguments else ran.stdout

    def hub(self, *arguments, **options):
        return self.run("hub", *arguments, "--hub-dir", self.hub_folder, "--json", **options)

    def start(self, *arguments, after):
        """Starts a command that serves. Returns what follows the words on its standard error."""
        path = self.folder / f"served-{len(self.running)}.err"
        with open(path, "w", encoding="utf-8") as errors:
            running = subprocess.Popen([self.program, *arguments], cwd=self.folder, stderr=errors)
        self.running.append(running)
        self.latest = running
        for _ in range(6000):
            for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
                if line.startswith(after) and line.endswith("\n"):
                    return line[len(after):].strip()
            if running.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError(f"{arguments} never said {after!r}: {path.read_text(encoding='utf-8')}")

    def end(self, running):
        """Ends one of them, as a service manager would."""
        running.terminate()
        running.wait(60)
        self.running.remove(running)

    def stop(self):
        for running in self.running:
            running.terminate()
        for running in self.running:
            running.wait(60)

    def open_hub(self, partners):
        """Makes the hub with its partners, and serves it."""
        self.hub("init", "--name", "Re-Unite network")
        for code, name in partners:
            self.hub("partner", "add", code, "--name", name, "--area", code)
        self.serve()

    def serve(self):
        """Serves the hub, under the address that it had before if it had one."""
        listen = urllib.parse.urlsplit(self.url).netloc if self.url else "127.0.0.1:0"
        self.url = self.start(
            "hub", "serve", "--hub-dir", self.hub_folder, "--listen", listen, after="listening on ")
        self.serving = self.latest

    def console(self):
        return self.start("hub", "console", "--hub-dir", self.hub_folder, after="open ")

    def operator(self, name):
        return self.hub("operator", "add", name)["code"]

    def join(self, partner, role="office", name=None):
        name = name or f"{partner} {role}"
        code = self.hub("device", "enrol", partner, "--name", name, "--role", role)["code"]
        desk = Desk(self, str(self.folder / f"{partner.lower()}-{role}.sqlite"))
        self.run("join", self.url, "--code", code, "--name", name, "--replica", desk.file)
        desk.sync()
        return desk


class Desk:
    """One organisation's replica."""

    def __init__(self, world, file):
        self.world = world
        self.file = file

    def run(self, *arguments, **options):
        return self.world.run(*arguments, "--replica", self.file, "--json", **options)

    def sync(self):
        return self.run("sync", status=(0, 1))

    def sql(self, text, *values):
        """Writes or reads as any SQLite client does."""
        connection = sqlite3.connect(self.file, timeout=120, isolation_level=None)
        try:
            return connection.execute(text, values).fetchall()
        finally:
            connection.close()

    def case(self, known_as, first, last, born, *children):
        """Opens a case. Returns its id and reference."""
        words = ["--known-as", known_as, "--first", first, "--last", last, "--born", born]
        for child in children:
            words += ["--child", child]
        made = self.run("case", "create", *words)
        return made["id"], made["ref"]

    def refer(self, case, partner):
        self.run("consent", "give", case, "--partner", partner)
        referral = self.run("referral", "create", case, "--to", partner)["id"]
        self.run("referral", "send", referral)
        self.sync()
        return referral


def plain(text):
    """An id as SQL has it."""
    return bytes.fromhex(text.replace("-", ""))


def hold(world):
    """A file whose predecessor never came: the hub holds it."""
    lost = world.join("GLS", role="field", name="Lost laptop")
    case, _ = lost.case("Kay", "Kay", "Invented", "1979-03-05")
    lost.run("bundle", "export", "--to", str(world.folder / "lost-1.rub"))
    # As if the first one had been answered, and the answer were known to nobody else.
    lost.sql("UPDATE ru_outbox SET state = 2")
    lost.sql("INSERT INTO case_note(case_id, body) VALUES(?, 'After the first')", plain(case))
    file = lost.run("bundle", "export", "--to", str(world.folder / "lost-2.rub"))["file"]
    world.hub("bundle", "import", file, status=(0, 1))


def visit_today(office, case, prison="BZI"):
    """A visit of today, and one of tomorrow: the day may end while this runs."""
    now = datetime.datetime.now(datetime.timezone.utc)
    for day in (0, 1):
        planned = int((now + datetime.timedelta(days=day)).timestamp() * 1000)
        office.sql("INSERT INTO visit(case_id, prison, planned_at) VALUES(?, ?, ?)", plain(case), prison, planned)


def fill(world, planted=""):
    """What waits for an operator: a conflict, an edit that was not applied, two records of one woman, an edit that
    merged by itself, referrals. With a text behind everything that somebody typed.

    Returns the desks by name and the cases by the woman's name."""
    office = world.join("SRY", name="Surrey office")
    laptop = world.join("SRY", role="field", name="Surrey laptop")
    other = world.join("GLS", name="Gloucestershire office")
    cases = {}
    cases["Maya"] = office.case("Maya" + planted, "Maya" + planted, "Harlow", "1991-04-02", "Ella:2019-06-30")
    cases["Dina"] = office.case("Dina" + planted, "Dina", "Marsh" + planted, "1987-11-20", "Tom:2015-02-11")
    cases["twin"] = other.case("Maya" + planted, "Maya" + planted, "Harlow", "1991-04-02")
    device = office.world.hub("device", "list")["devices"]
    field = next(d["device"] for d in device if d["role"] == "field")
    office.run("caseload", "add", cases["Maya"][1], "--device", field)
    office.sync()
    other.sync()
    laptop.sync()
    # Two people type two days, and neither has seen the other's; each changes something else besides.
    maya = plain(cases["Maya"][0])
    office.sql("UPDATE person SET date_of_birth = '1991-04-12' WHERE case_id = ?", maya)
    laptop.sql("UPDATE person SET date_of_birth = '1991-05-02' WHERE case_id = ?", maya)
    laptop.sql("UPDATE child SET first_name = ? WHERE case_id = ?", "Ellie" + planted, maya)
    office.sql("UPDATE child SET date_of_birth = '2019-06-29' WHERE case_id = ?", maya)
    office.sync()
    laptop.sync()
    office.sync()
    # A referral; and an edit where its author may only read.
    referral = office.refer(cases["Dina"][0], "GLS")
    other.sync()
    other.run("referral", "accept", referral)
    other.sync()
    other.sql("UPDATE person SET known_as = ? WHERE case_id = ?", "Dee" + planted, plain(cases["Dina"][0]))
    other.sync()
    return {"office": office, "laptop": laptop, "other": other}, cases
