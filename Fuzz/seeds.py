"""Writes the wire vectors as seeds for the fuzzer: `seeds.py FOLDER`. The first byte is the kind of message."""

import json
import pathlib
import re
import sys

here = pathlib.Path(__file__).parent
tests = here.parent / "Tests"
source = (tests / "Messages" / "MessageKind.swift").read_text()
enum = source[source.index("enum MessageKind") : source.index("package struct Changed")]
kinds = [name for line in re.findall(r"^    case (.+)$", enum, re.M) for name in line.split(", ")]
words = {"batch header": "batchHeader", "purge receipt": "purgeReceipt", "enrol request": "enrolRequest",
         "history question": "historyQuestion", "history answer": "historyAnswer",
         "check question": "checkRequest", "check answer": "checkAnswer", "step question": "stepQuestion",
         "step answer": "previewAnswer", "recovery report": "recoveryReport", "recovery answer": "recoveryAnswer",
         "enrol answer": "enrolAnswer", "told file": "toldFile"}
also = {"request": ["salvage"], "delivery": ["pages"], "bundle": ["bundleHeader"], "receipt": ["receipts"]}

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for kind in kinds:
    (folder / f"{kind}-empty").write_bytes(bytes([kinds.index(kind)]))
for vectors in ("wire", "sealed", "payload-2"):
    for number, case in enumerate(json.loads((tests / "Decoder" / "vectors" / f"{vectors}.json").read_text())):
        kind = words.get(case.get("what"), case.get("what"))
        if kind not in kinds:
            continue
        content = bytes.fromhex(case["hex"])
        if kind == "ops":
            content = case["count"].to_bytes(2, "big") + content
        if kind == "enrolAnswer":
            content = content[:-32]  # without its proof
        for name in [kind] + also.get(kind, []):
            (folder / f"{name}-{vectors}-{number}").write_bytes(bytes([kinds.index(name)]) + content)
group = bytes([2, 0, 4]) + bytes(8) + b"\x03" + bytes(8) + b"\x01\x01\x00" + b"\x01h\x01o\x01s\x08"
named = bytes([3, 0, 4]) + bytes(8) + b"\x03" + bytes(32) + bytes(8) + b"\x00\x01\x00" + b"\x01h\x01o\x01s\x08"
receipt = bytes(32) + b"\x02\x01\x00"
(folder / "ledgerGroup-one").write_bytes(
    bytes([kinds.index("ledgerGroup")]) + group + bytes([len(receipt)]) + receipt)
(folder / "ledgerGroup-named").write_bytes(
    bytes([kinds.index("ledgerGroup")]) + named + bytes([len(receipt)]) + receipt)
(folder / "padded-one").write_bytes(bytes([kinds.index("padded"), 3]) + b"abc" + bytes(60))
(folder / "slip-one").write_bytes(bytes([kinds.index("slip"), 1]) + bytes(120))
print(f"{len(list(folder.iterdir()))} seeds, {len(kinds)} kinds of message")
