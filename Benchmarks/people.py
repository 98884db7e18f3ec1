"""How long commands take on the invented network.

    python3 Benchmarks/people.py .build/release/reunite-sync [FAMILIES] [TIMES]

Makes the network with `demo --people` (600 families without the number), runs reports at an office and at the hub and a
sync with nothing to say TIMES times each, and prints the median and the slowest in milliseconds. Nothing here decides
whether a test passes.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time


def run(program, *arguments, allowing=(0,)):
    done = subprocess.run([program, *arguments], capture_output=True, text=True)
    if done.returncode not in allowing:
        sys.exit(f"{' '.join(arguments)}: {done.stderr}")
    return done.stdout


def main(program, families, times):
    with tempfile.TemporaryDirectory() as folder:
        people = folder + "/people"
        began = time.monotonic()
        made = json.loads(run(program, "demo", "--people", "--families", str(families), "--dir", people, "--json"))
        print(f"made: {made['edits']} edits of {families} families in {time.monotonic() - began:.1f} s")
        hub, office = made["hub"], made["offices"][0]["replica"]
        server = subprocess.Popen(
            [program, "hub", "serve", "--hub-dir", hub, "--listen", "127.0.0.1:8470"], stderr=subprocess.PIPE, text=True)
        try:
            while "listening on" not in server.stderr.readline():
                if server.poll() is not None:
                    sys.exit("the hub does not serve")
            for name, arguments in (
                    ("sync, nothing to say", ("sync", "--replica", office)),
                    ("report outcomes", ("report", "outcomes", "--replica", office)),
                    ("report quality", ("report", "quality", "--replica", office)),
                    ("hub report outcomes", ("hub", "report", "outcomes", "--hub-dir", hub)),
                    ("hub report quality", ("hub", "report", "quality", "--hub-dir", hub)),
                    ("hub conflicts list", ("hub", "conflicts", "list", "--hub-dir", hub))):
                took = []
                for _ in range(times):
                    began = time.monotonic()
                    run(program, *arguments, allowing=(0, 1))
                    took.append(1000 * (time.monotonic() - began))
                print(f"{name}: median {statistics.median(took):.0f} ms, slowest {max(took):.0f} ms")
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 600, int(sys.argv[3]) if len(sys.argv) > 3 else 10)
