"""Decodes what travels, written from the documents alone: docs/protocol.md, docs/leaving.md, Schemas/wire.

    decode.py < CASES           a line of JSON for each case; a line of canonical JSON, or `refused: WHY`, for each
    decode.py --check FILE...   compares what a file of test vectors promises; ends with 1 where it is not kept

A case says `what` it is, its bytes in hexadecimal as `hex`, and what its reader has to know besides."""

import json
import sys
from pathlib import Path
from typing import Any, Callable

import batch
import digest
import enrol
import past
import questions
import session
import signing
from bundle import bundle_header, open_bundle
from delta import read_payload
from seals import sha256, signature_fits
from wire import Reader, Refused, canonical, need

Case = dict[str, Any]
WORDS = (Path(__file__).parents[2] / "Schemas/wire/words.txt").read_text().split()


def known(case: Case, name: str) -> bytes:
    return bytes.fromhex(case[name])


def bundle(case: Case, data: bytes) -> Any:
    senders = {(known(one, "sender"), one["number"]): known(one, "signing") for one in case["senders"]}
    return open_bundle(data, senders, known(case, "sealingKey"))


def checkpoint(case: Case, data: bytes) -> Any:
    return {**batch.read_checkpoint(data), "genuine": batch.checkpoint_fits(data, known(case, "signing"))}


def purge(case: Case, data: bytes) -> Any:
    return {**batch.read_purge(data), "genuine": batch.purge_fits(data, known(case, "signing"))}


def ops(case: Case, data: bytes) -> Any:
    payload = read_payload(data)
    need("ops" in payload, "rows")
    need(len(payload["ops"]) == case["count"], "another number of ops")
    return payload["ops"]


def rows(case: Case, data: bytes) -> Any:
    payload = read_payload(data)
    need("rows" in payload, "ops")
    return {"rows": payload["rows"], "digest": digest.digest(payload["rows"])}


def whole_delivery(data: bytes) -> Any:
    fields = session.read_delivery(data)
    pages = fields.pop("pages")
    return {**fields, "rows": [row for page in pages for row in rows({}, page)["rows"]]}


def lost(data: bytes) -> Any:
    fields = questions.read_lost(data)
    return fields | {"known": whole_delivery(fields["known"])}


def receipt(case: Case, data: bytes) -> Any:
    reader = Reader(data)
    return batch.finished(reader, session.read_receipt(reader))


def signed_request(case: Case, data: bytes) -> Any:
    return signing.read_signed(case["method"], case["path"], case["fields"], data, known(case, "signing"))


def ticket(case: Case, data: bytes) -> Any:
    number = Reader(data).u64()
    need(signing.ticket(known(case, "key"), known(case, "device"), case["keyNumber"], number) == data, "not issued")
    return {"number": number}


def enrol_answer(case: Case, data: bytes) -> Any:
    return enrol.read_answer(data, known(case, "request"), case["code"], WORDS)


def exchange(case: Case, data: bytes) -> Any:
    """A sealed request and its sealed answer, with everything inside."""
    request = bundle({**case, "sealingKey": case["hubSealingKey"]}, data)
    fields = session.read_request(request["content"])
    fields["checkpoints"] = [
        checkpoint({"signing": case["hubSigning"]}, one) for one in fields["checkpoints"]
    ]
    fields["batches"] = [whole_batch(case, one) for one in fields["batches"]]
    answer = bundle({**case, "sealingKey": case["deviceSealingKey"]}, known(case, "answer"))
    need(answer["bundle"] == request["bundle"], "the answer to another request")
    answered = session.read_answer(answer["content"])
    if answered["kind"] == "delivery":
        answered["delivery"] = whole_delivery(answered["delivery"])
    return {"request": fields, "answer": answered}


def whole_batch(case: Case, one: dict[str, Any]) -> Any:
    header = batch.read_header(one["header"])
    encoded = one["ops"]
    if one["form"] == 1:
        encoded = batch.open_ops(encoded, header["batch"], known(case, "hubSealingKey"))
    need(sha256(encoded) == header["opsDigest"], "other ops")
    genuine = signature_fits(known(case, "deviceSigning"), one["header"], one["signature"])
    read = ops({"count": header["opCount"]}, encoded)
    return {"form": one["form"], "header": header, "ops": read, "genuine": genuine}


READERS: dict[str, Callable[[Case, bytes], Any]] = {
    "bundle": bundle,
    "bundle header": lambda case, data: {**bundle_header(data)[0], "content": b""},
    "batch header": lambda case, data: batch.read_header(data),
    "sealed ops": lambda case, data: {"ops": batch.open_ops(data, known(case, "batch"), known(case, "sealingKey"))},
    "ops": ops,
    "rows": rows,
    "checkpoint": checkpoint,
    "purge receipt": purge,
    "receipt": receipt,
    "succession": lambda case, data: session.read_succession(data, known(case, "signing")),
    "successions": lambda case, data: session.read_successions(data),
    "told file": lambda case, data: session.read_told_file(data),
    "request": lambda case, data: session.read_request(data),
    "answer": lambda case, data: session.read_answer(data),
    "delivery": lambda case, data: whole_delivery(data),
    "signed request": signed_request,
    "ticket": ticket,
    "history question": lambda case, data: past.read_question(data),
    "history answer": lambda case, data: past.read_answer(data),
    "receipts": lambda case, data: questions.read_receipts(data),
    "check question": lambda case, data: questions.read_check(data),
    "check answer": lambda case, data: questions.read_checked(data),
    "step question": lambda case, data: questions.read_step(data),
    "step answer": lambda case, data: questions.read_moved(data),
    "recovery report": lambda case, data: lost(data),
    "recovery answer": lambda case, data: questions.read_noted(data),
    "enrol request": lambda case, data: enrol.read_request(data, case["code"]),
    "enrol answer": enrol_answer,
    "exchange": exchange,
}


def decoded(case: Case) -> str:
    try:
        return canonical(READERS[case["what"]](case, bytes.fromhex(case["hex"])))
    except Refused as refusal:
        return f"refused: {refusal}"


def check(path: str) -> int:
    wrong = 0
    for case in json.loads(Path(path).read_text()):
        found, promised = decoded(case), canonical(case["content"])
        if found != promised:
            wrong += 1
            print(f"{path}: {case['name']}\n  promised {promised}\n  found    {found}")
    return wrong


def main() -> None:
    if sys.argv[1:2] == ["--check"]:
        sys.exit(1 if sum(check(path) for path in sys.argv[2:]) else 0)
    for line in sys.stdin:
        print(decoded(json.loads(line)))


if __name__ == "__main__":
    main()
