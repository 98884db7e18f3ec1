"""What comes to the pages from elsewhere, byte by byte as no browser would let one: a forged name, no session, a form from
another site. Every one of them has to be refused, and to change nothing."""

import http.client
import http.server
import threading
import urllib.parse

from browser import check


def ask(url, path, method="GET", headers=None, body=None):
    """One request with exactly these headers. Returns the status, the headers and the text."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    headers = dict(headers or {})
    data = body.encode() if body is not None else None
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    headers.setdefault("Host", parts.netloc)
    if data is not None:
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        headers["Content-Length"] = str(len(data))
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders(data)
    reply = connection.getresponse()
    text = reply.read().decode("utf-8", "replace")
    connection.close()
    return reply.status, dict((k.lower(), v) for k, v in reply.getheaders()), text


def is_refused(url, secret, paths, cookie):
    """Pages without a session, under another name, and with a wrong start token."""
    for path in paths:
        status, headers, text = ask(url, path)
        check(status == 403 and secret not in text, f"{path} is shown without a session ({status})")
        check(headers.get("cache-control") == "no-store", f"{path} may be kept")
        policy = headers.get("content-security-policy", "")
        check("default-src 'none'" in policy and "unsafe" not in policy, f"{path} has a weak policy: {policy}")
        for name in ("evil.example", "127.0.0.1.evil.example", "localhost:1", ""):
            status, _, text = ask(url, path, headers={"Host": name, "Cookie": cookie})
            check(status in (400, 421) and secret not in text, f"{path} is shown under the name {name!r} ({status})")
    status, headers, _ = ask(url, "/start/" + "0" * 64)
    check(status == 403 and "set-cookie" not in headers, f"a wrong start token opened the pages ({status})")


class Site:
    """Another site on this machine, whose pages send forms to these pages as soon as they are seen."""

    def __init__(self, action, fields):
        inputs = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in fields.items())
        page = (
            f'<!DOCTYPE html><title>Elsewhere</title><form method="post" action="{action}">{inputs}'
            "<button>Win a prize</button></form><script>document.forms[0].submit()</script>").encode()

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *arguments): pass

            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        # By name: another site than the address 127.0.0.1.
        return f"http://localhost:{self.server.server_port}/"


def cross_site(person, action, fields):
    """Lets a page of another site send a form with this person's browser. Returns the status of the answer."""
    site = Site(action, fields)
    page = person.context.new_page()
    try:
        with page.expect_response(lambda response: response.request.method == "POST") as answer:
            page.goto(site.url)
        return answer.value.status
    finally:
        page.close()
        site.server.shutdown()
