"""How long commands take on the invented network.

    python3 Benchmarks/people.py .build/release/reunite-sync [FAMILIES] [TIMES]

Makes the network with `demo --people` (600 families without the number), runs reports at an office and at the hub and a
sync with nothing to say TIMES times each, and prints the median and the slowest in milliseconds. Of the making: the time by
the clock, the processor's, and the most memory that it had. What waits in the end is said. Nothing here decides whether a
test passes.
"""

import json
import resource
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
        took, used = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"made: {made['edits']} edits of {families} families in {took:.1f} s, {used.ru_utime + used.ru_stime:.1f} s of"
              f" the processor, {used.ru_maxrss // 1_000} MB at most")
        hub, office = made["hub"], made["offices"][0]["replica"]
        waiting = json.loads(run(program, "hub", "status", "--hub-dir", hub, "--json", allowing=(0, 1)))
        print(f"waiting for a person: {waiting['quarantined']} edits, {waiting['conflicts']} conflicts")
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
