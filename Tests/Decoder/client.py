"""A client in another language: it enrols, receives, writes a new case and a change of it, and sends them.

    client.py URL CODE SCHEMA

Everything is kept in memory. At the end it prints, as JSON, what it holds and what the hub said."""

import os
import sys
import time
import urllib.error
import urllib.request
import uuid
from typing import Any

import enrol
from audit import witness
from batch import checkpoint_fits, read_checkpoint, write_header
from bundle import open_bundle, seal_bundle
from delta import read_payload
from digest import digest
from encode import write_ops
from seals import sha256, sign
from session import read_answer, read_delivery, write_request
from signing import signed_fields
from wire import NOBODY, Id, canonical, need

CASE, PERSON = 10, 11
GROUPS = {CASE: [0, 1, 2, 3, 4, 5, 5, 6], PERSON: [0, 1, 1, 2, 3, 4, 5, 6, 7, 7]}


def now() -> int:
    return time.time_ns() // 1_000_000


def new_id() -> Id:
    number = int.from_bytes(os.urandom(16), "big")
    number = now() << 80 | 7 << 76 | (number >> 64 & 0xFFF) << 64 | 2 << 62 | number & (1 << 62) - 1
    return Id(number.to_bytes(16, "big"))


class Client:
    def __init__(self, url: str, schema: int) -> None:
        self.url, self.schema = url.rstrip("/"), schema
        self.seed, self.sealing_key = os.urandom(32), os.urandom(32)
        self.cursor, self.head, self.number, self.sequence = 0, bytes(32), 0, 1
        self.rows: dict[tuple[int, bytes], dict[str, Any]] = {}
        self.mine: dict[tuple[int, bytes], list[Any]] = {}
        self.receipts: list[dict[str, Any]] = []
        self.clock = {"wall": 0, "monotonic": 0, "boot": NOBODY, "lastHub": 0, "skew": 0}
        self.unsent: list[dict[str, Any]] = []
        self.proofs: list[bytes] = []
        self.audit: dict[str, Any] | None = None

    # Exchanges

    def call(self, method: str, path: str, body: bytes, fields: dict[str, str]) -> tuple[int, bytes]:
        request = urllib.request.Request(self.url + path, data=body if method == "POST" else None, method=method)
        for name, value in fields.items():
            request.add_header(name, value)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as fault:
            return fault.code, fault.read()

    def signed_call(self, method: str, path: str, body: bytes) -> bytes:
        for _ in range(2):
            fields = signed_fields(method, path, body, self.hub, self.device, 1, self.ticket, self.seed)
            status, answer = self.call(method, path, body, fields)
            if status != 401:
                break
            self.ticket = answer
        need(status == 200, f"{method} {path}: {status} {answer!r}")
        return answer

    def join(self, code: str) -> None:
        request = enrol.write_request(code, 1, self.seed, self.sealing_key, os.urandom(16))
        status, answer = self.call("POST", "/v1/enrol", request, {})
        need(status == 200, f"enrol: {status} {answer!r}")
        read = enrol.read_answer(answer, request, code, [])
        self.hub, self.device, self.partner = read["hub"], read["device"], read["partner"]
        self.epoch, self.hub_keys, self.ticket = read["epoch"], read["keys"], read["ticket"]
        self.take_checkpoint(read_checkpoint(read["checkpoint"]), 0, [])

    def take_checkpoint(self, fields: dict[str, Any], since: int, proof: list[bytes]) -> None:
        data = fields["bytes"]
        need(checkpoint_fits(data, self.hub_keys["signing"]), "a checkpoint that the hub did not sign")
        need(fields["hub"] == self.hub and fields["device"] == self.device, "a checkpoint for another")
        need(fields["epoch"] == self.epoch, "a checkpoint of another epoch")
        self.audit = witness(self.audit, fields["audit"], since, proof)
        self.checkpoint, self.base = data, fields
        self.cursor = fields["position"]

    def exchange(self) -> str:
        request = write_request({
            "cursor": self.cursor, "epoch": self.epoch, "digest": digest(list(self.rows.values())),
            "head": self.head, "schema": self.schema, "clock": {**self.clock, "wall": now()},
            "checkpoints": self.proofs, "batches": self.unsent,
            "audit": self.audit,
        })
        named = self.audit["size"] if self.audit else 0
        name = os.urandom(16)
        sealed = seal_bundle(
            request, 1, self.hub, self.epoch, self.device, self.seed, 1, [self.hub_keys["sealing"]], now(), name,
        )
        opened = self.opened(self.signed_call("POST", "/v1/sync", sealed), name)
        answer = read_answer(opened)
        self.ticket = answer["ticket"]
        self.clock |= {"lastHub": answer["clock"], "skew": now() - answer["clock"]}
        if answer["kind"] in ("taken", "closings"):
            self.unsent, self.proofs = [], []
        elif answer["kind"] == "delivery":
            self.unsent, self.proofs = [], []
            self.apply(read_delivery(answer["delivery"]))
        elif answer["kind"] == "fetch":
            self.unsent, self.proofs = [], []
            self.apply(read_delivery(self.fetched(answer["fetch"], answer["bytes"])))
        elif answer["kind"] == "idle":
            self.take_checkpoint(answer["checkpoint"], named, answer["auditProof"])
            self.agrees = self.base["digest"] == digest(list(self.rows.values()))
        return answer["kind"]

    def fetched(self, name: Id, size: int) -> bytes:
        data = b""
        while len(data) < size:
            data += self.signed_call("GET", f"/v1/delivery/{uuid.UUID(bytes=bytes(name))}/{len(data)}", b"")
        return self.opened(data, name)

    def opened(self, data: bytes, name: bytes) -> bytes:
        senders = {(bytes(self.hub), self.hub_keys["number"]): self.hub_keys["signing"]}
        bundle = open_bundle(data, senders, self.sealing_key)
        need(bundle["bundle"] == name, "the answer to another request")
        return bundle["content"]

    def sync(self) -> list[str]:
        kinds = [self.exchange()]
        while kinds[-1] != "idle" and len(kinds) < 10:
            kinds.append(self.exchange())
        return kinds

    # What comes

    def apply(self, delivery: dict[str, Any]) -> None:
        need(delivery["from"] in (self.cursor, 0), "a delivery for another cursor")
        self.take_checkpoint(delivery["checkpoint"], delivery["auditSince"], delivery["auditProof"])
        entered = {event["scope"] for event in delivery["scopes"] if event["kind"] == "enter"}
        gone = {event["scope"] for event in delivery["scopes"] if event["kind"] == "leave"}
        if delivery["from"] == 0:
            gone |= {row["scope"] for row in self.rows.values()} - entered - {NOBODY}
            entered.add(NOBODY)
        self.rows = {name: row for name, row in self.rows.items() if row["scope"] not in gone}
        self.receipts += delivery["receipts"]
        fresh = [row for page in delivery["pages"] for row in read_payload(page)["rows"]]
        told = {(row["table"], bytes(row["key"])) for row in fresh}
        self.rows |= {(row["table"], bytes(row["key"])): row for row in fresh}
        for one in delivery["tombstones"]:
            self.rows.pop((one["table"], bytes(one["key"])), None)
        self.rows = {name: row for name, row in self.rows.items() if row["scope"] not in entered or name in told}

    def shown(self, table: int, key: bytes) -> list[Any] | None:
        """A row's values, column by column: those that the hub did not repeat are the ones written here last."""
        row = self.rows.get((table, bytes(key)))
        if row is None:
            return None
        values, columns = list(row["values"]), self.mine.get((table, bytes(key)), [None] * len(GROUPS[table]))
        return [
            values.pop(0) if row["groups"] >> group & 1 else columns[place]
            for place, group in enumerate(GROUPS[table])
        ]

    # What goes

    def write(self, ops: list[dict[str, Any]]) -> bytes:
        payload = write_ops(ops, GROUPS)
        for op in read_payload(payload)["ops"]:
            name, values = (op["table"], bytes(op["key"])), list(op["values"])
            columns = self.mine.setdefault(name, [None] * len(GROUPS[op["table"]]))
            for place, group in enumerate(GROUPS[op["table"]]):
                if op["groups"] >> group & 1:
                    columns[place] = values.pop(0)
        self.number += 1
        header = write_header({
            "salt": os.urandom(16), "hub": self.hub, "device": self.device, "keyNumber": 1, "parent": self.head,
            "number": self.number, "firstSequence": self.sequence, "opCount": len(ops), "epoch": self.epoch,
            "base": self.base["position"], "tag": self.base["tag"], "schema": self.schema,
            "clock": {**self.clock, "wall": now()}, "author": NOBODY, "opsDigest": sha256(payload),
        })
        self.unsent.append({"header": header, "ops": payload, "signature": sign(self.seed, header)})
        self.proofs.append(self.checkpoint)
        self.head, self.sequence = sha256(header), self.sequence + len(ops)
        return self.head


def main() -> None:
    client = Client(sys.argv[1], int(sys.argv[3]))
    client.join(sys.argv[2])
    first = client.sync()
    case, person, at = new_id(), new_id(), now() << 16
    batch = client.write([
        {
            "table": CASE, "kind": "create", "groups": 0x7F, "key": case, "stamp": at,
            "values": [None, None, "PRISON_LEAVER", "ENQUIRY", "2026-03-01", None, None, None],
        },
        {
            "table": PERSON, "kind": "create", "groups": 0xFF, "key": person, "stamp": at + 1,
            "values": [case, "Test", "Person", "Py", None, None, None, None, "Welsh", 0],
        },
        {"table": PERSON, "kind": "set", "groups": 1 << 2, "key": person, "stamp": at + 2, "values": ["Pia"]},
    ])
    second = client.sync()
    print(canonical({
        "first": first, "second": second, "batch": batch, "case": case, "person": person, "agrees": client.agrees,
        "rows": len(client.rows), "receipts": client.receipts,
        "held": [client.shown(PERSON, person), client.shown(CASE, case)],
    }))


if __name__ == "__main__":
    main()
