"""One browser with its cookie, on the pages that a command serves: asks, and says how long each took to answer."""

import http.client
import pathlib
import re
import statistics
import subprocess
import sys
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Browser"))
from pagelist import listed, page_of  # noqa: E402

TARGET = 100


class Pages:
    """The pages of a desk, of a console, or inside."""

    def __init__(self, service, *command):
        self.routes = [path for where, path, _ in listed() if where == service]
        self.late, self.timed = [], set()
        self.server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        start = ""
        while "open http" not in start:
            start = self.server.stderr.readline()
            if not start:
                raise SystemExit(f"{service}: its pages did not open")
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

    def form(self, path, **fields):
        """What a page's form sends: its token and these fields."""
        self.ask("GET", path)
        token = re.search(r'name="form_token" value="([^"]*)"', self.text).group(1)
        return urllib.parse.urlencode({"form_token": token, **fields})

    def links(self, page, pattern):
        """The addresses of the links on a page that fit."""
        self.ask("GET", page)
        return re.findall(pattern.join(('href="(', ')"')), self.text)

    def first(self, page, pattern):
        """The first of them; nothing where there is none."""
        return self.links(page, pattern)[:1]

    def time(self, pages, times):
        """Asks for each page so often."""
        for name, method, address, body in pages:
            spans = []
            for _ in range(times):
                shown = address
                began = time.perf_counter()
                answer = self.ask(method, address, body)
                # What is asked for by a form is shown by a page of its own.
                if answer.status == 303:
                    shown = answer.getheader("Location")
                    answer = self.ask("GET", shown)
                spans.append((time.perf_counter() - began) * 1_000)
                if answer.status != 200:
                    raise SystemExit(f"{name}: {answer.status}")
                self.timed.add(page_of(urllib.parse.urlsplit(shown).path, self.routes))
            median = statistics.median(spans)
            if median >= TARGET:
                self.late.append(name)
            print(f"{name:28} median {median:7.1f} ms   slowest {max(spans):7.1f} ms")

    def close(self):
        self.server.terminate()
        self.server.wait()

    def told_late(self):
        """Says which pages were late."""
        self.close()
        print("over the target: " + ", ".join(self.late) if self.late else f"every median is under {TARGET} ms")

    def told(self):
        """Says which of the service's pages were late, and which were never shown."""
        self.told_late()
        rest = [route for route in self.routes if route not in self.timed]
        print("not timed, for there was nothing to show: " + ", ".join(rest) if rest else "every page was timed")
