import Foundation
import Testing

/// Small programs in Python that stand in for what else is on a machine or on the way.
enum Python {
    static var path: String {
        let system = "/usr/bin/python3"
        return FileManager.default.isExecutableFile(atPath: system) ? system : "python3"
    }

    /// Passes requests on to the hub, and does to them what the control file says.
    static let proxy = """
        import http.client, http.server, sys
        port, control = int(sys.argv[1]), sys.argv[2]

        def flipped(body):
            middle = len(body) // 2
            return body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1:] if body else body

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *arguments): pass
            def do_GET(self): self.handle_one()
            def do_POST(self): self.handle_one()
            def handle_one(self):
                mode = open(control).read().strip()
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if mode == "flip-request": body = flipped(body)
                if mode == "no-sync" and self.path == "/v1/sync": return self.answer(503, b"")
                carries = self.path.startswith(("/v1/carry", "/v1/answer"))
                if mode == "older-hub" and carries: return self.answer(404, b"")
                if mode == "no-large" and len(body) > 20000: self.close_connection = True; return
                if mode == "error": return self.answer(502, b"bad gateway")
                page = b"<!DOCTYPE html><html><body>Sign in to the guest network</body></html>"
                if mode == "portal": return self.answer(200, page, [("Content-Type", "text/html; charset=utf-8")])
                if mode == "empty": return self.answer(200, b"", [("Content-Type", "text/html")])
                if mode == "proxy-wants-a-name": return self.answer(407, page, [("Content-Type", "text/html")])
                if mode == "redirect": return self.answer(301, b"", [("Location", "http://127.0.0.1:1/")])
                hub = http.client.HTTPConnection("127.0.0.1", port)
                headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")}
                hub.request(self.command, self.path, body, headers)
                reply = hub.getresponse()
                content = reply.read()
                hub.close()
                if mode == "lose-answer": self.close_connection = True; return
                if mode == "flip-answer" or mode == "flip-page" and self.command == "GET": content = flipped(content)
                if mode == "short-answer": content = content[:len(content) // 2]
                if mode == "long-answer": content = content + bytes(64 << 20)
                cuts = mode == "cut-answer" or mode == "cut-carried" and self.path.startswith("/v1/answer")
                self.answer(reply.status, content, cut=cuts)
            def answer(self, status, content, headers=[], cut=False):
                self.send_response(status)
                for name, value in headers: self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                try: self.wfile.write(content[:len(content) // 2] if cut else content)
                except OSError: self.close_connection = True
                if cut: self.close_connection = True

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        print(f"listening on http://127.0.0.1:{server.server_port}", file=sys.stderr, flush=True)
        server.serve_forever()
        """

    /// An ordinary web server that is no hub.
    static let webServer = """
        import http.server, sys
        class Handler(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *arguments): pass
            def do_POST(self): self.send_error(404)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        print(f"listening on http://127.0.0.1:{server.server_port}", file=sys.stderr, flush=True)
        server.serve_forever()
        """

    /// Holds the write lock of an SQLite file until it is ended.
    static let writer = """
        import sqlite3, sys, time
        connection = sqlite3.connect(sys.argv[1], isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        print("holding it", file=sys.stderr, flush=True)
        time.sleep(600)
        """

    /// Kills a hub the moment another program can see that it has committed a batch.
    static let killer = """
        import os, signal, sqlite3, sys, time
        hub = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True, timeout=300, isolation_level=None)
        def batches(): return hub.execute("SELECT count(*) FROM hub_batch").fetchone()[0]
        before = batches()
        print("watching", file=sys.stderr, flush=True)
        while batches() == before: time.sleep(0.0002)
        os.kill(int(sys.argv[2]), signal.SIGKILL)
        """

    /// Holds the lock that a running `sync` or `hub serve` holds.
    static let claim = """
        import fcntl, sys, time
        file = open(sys.argv[1], "a")
        fcntl.flock(file, fcntl.LOCK_EX)
        print("holding it", file=sys.stderr, flush=True)
        time.sleep(600)
        """

    /// Runs a program that may write no file beyond so many bytes, as on a disk that is full.
    static let limited = """
        import os, resource, signal, sys
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
        os.execv(sys.argv[2], sys.argv[2:])
        """

    /// Keeps two connections open: one after an answer, one in the middle of its request.
    static let lingering = """
        import http.client, socket, sys, time, urllib.parse
        url = urllib.parse.urlsplit(sys.argv[1])
        connection = http.client.HTTPConnection(url.hostname, url.port)
        connection.request("GET", "/v1/health")
        connection.getresponse().read()
        half = socket.create_connection((url.hostname, url.port))
        if sys.argv[2] == "half": half.sendall(b"POST /v1/sync HTTP/1.1\\r\\nContent-Length: 100\\r\\n\\r\\nhalf")
        print("holding it", file=sys.stderr, flush=True)
        time.sleep(600)
        """

    /// Sends a body to an address and prints the status of the answer and the answer.
    static let post = """
        import http.client, os, sys, urllib.parse
        url = urllib.parse.urlsplit(sys.argv[2])
        body = os.urandom(int(sys.argv[3]))
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=20)
        try:
            connection.putrequest(sys.argv[1], url.path)
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders()
            try: connection.send(body)
            except OSError: pass
            reply = connection.getresponse()
            print(reply.status, reply.read(4000).decode("utf-8", "replace"))
        except (OSError, http.client.HTTPException) as error:
            print("no answer", type(error).__name__)
        """
}

extension Network {
    /// Puts a proxy between devices and the hub. It passes everything on until it is told otherwise.
    func proxy() async throws -> Proxy {
        let control = folder + "/proxy-mode"
        let port = url.split(separator: ":").last.map(String.init) ?? ""
        try "pass".write(toFile: control, atomically: true, encoding: .utf8)
        let running = try helper(Python.path, ["-c", Python.proxy, port, control])
        return Proxy(url: try await running.line(after: "listening on "), control: control)
    }
}

struct Proxy {
    var url: String
    var control: String

    func set(_ mode: String) throws {
        try mode.write(toFile: control, atomically: true, encoding: .utf8)
    }
}
