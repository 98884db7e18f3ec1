#!/usr/bin/env python3
"""Counts the figures of docs/outcomes.md from the rows of a database, without a line of the program's own.

    figures.py FILE.sqlite YYYY-MM-DD
    figures.py HUB.sqlite --waiting MILLISECONDS
    figures.py REPLICA.sqlite --unsent MILLISECONDS
    figures.py FILE.sqlite --sroi STUDY PENCE

Prints lines for each measure, by area and for all of them: its name, the area, yes, all, unknown; for each time: its
name, the area, how many, and the quartiles in days; for each reason why referrals were declined how often; for each
measure of reoffending how many women each source told of, and of how many the time is not over. With --waiting, at that time, how long decisions took and
how late edits came to a hub, and how long operators looked at what they answered. With --unsent, how many edits of a
replica are overdue. With --sroi, what a pound of so much spending brings back over 1 and 10 years. Written from the documents alone.
"""
import sqlite3
import sys
from collections import defaultdict
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

NOT_HOUSED = {"A08", "A08A", "A08C", "HMP", "NO_FIXED_ABODE", "RISK_OF_NO_FIXED_ABODE"}
SETTLED = {"A01A", "A01C", "A01D", "A04", "A07B", "A12", "SETTLED"}
LICENCE = {"CRD_LICENCE", "PAROLE", "HDC", "FTR", "STD_RECALL", "PSS"}


def months(day, count):
    """So many months later; a day that the month does not have runs over, as calendars in databases do."""
    number = day.year * 12 + day.month - 1 + count
    return date(number // 12, number % 12 + 1, 1) + timedelta(days=day.day - 1)


def ago(day, count):
    """So many months earlier; the last of a month is the last of the other, and no day runs over."""
    number = day.year * 12 + day.month - 1 - count
    last = months(date(number // 12, number % 12 + 1, 1), 1) - timedelta(days=1)
    is_last = (day + timedelta(days=1)).day == 1
    return last if is_last or day.day > last.day else last.replace(day=day.day)


def day_of(text):
    return date.fromisoformat(text) if text else None


LONDON = ZoneInfo("Europe/London")


def moment(milliseconds):
    """The day that a calendar in London shows then."""
    return (datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=milliseconds)).astimezone(LONDON).date()


def sentence_of(sentences, case, day):
    """The one in force on a day: the last that began by then; one without a beginning is the oldest."""
    begun = [
        sentence for sentence in sentences
        if sentence["case_id"] == case and (not sentence["start_on"] or day_of(sentence["start_on"]) <= day)
    ]
    return max(begun, key=lambda one: (one["start_on"] or "", one["expiry_on"] or "", one["id"]), default=None)


def main(path, as_at):
    db = sqlite3.connect(path)
    db.row_factory = sqlite3.Row
    rows = {
        name: list(db.execute(f"SELECT * FROM {name}"))
        for name in (
            "case_file person child person_link outcome_event custody_episode engagement_event tenancy_check occupancy "
            "move_on contact_plan contact_session referral referral_event child_care_episode sentence partner").split()
    }

    # Women, and children, who are one: the sets that links join.
    parent = {}

    def find(key):
        while parent.get(key, key) != key:
            key = parent[key]
        return key

    taken_back = {link["retracts_id"] for link in rows["person_link"] if link["retracts_id"]}
    for link in rows["person_link"]:
        if link["decision"] == "SAME" and link["id"] not in taken_back:
            parent[find(link["a_person_id"])] = find(link["b_person_id"])
    woman_of = {person["case_id"]: find(person["id"]) for person in rows["person"]}

    def woman(case):
        return woman_of.get(case, case)

    corrected = {event["corrects_id"] for event in rows["outcome_event"] if event["corrects_id"]}
    events = [
        event for event in rows["outcome_event"]
        if event["id"] not in corrected and day_of(event["occurred_on"]) <= as_at
    ]

    def happened(case, kind):
        return [event for event in events if event["case_id"] == case and event["kind"] == kind]

    # What was opened by mistake counts nowhere, nor does an enquiry.
    cases = {
        case["id"]: case for case in rows["case_file"]
        if case["phase"] != "ENQUIRY" and case["close_reason"] != "MISTAKEN_OR_DUPLICATE"
    }
    area_of = {partner["id"]: partner["area"] or "" for partner in rows["partner"]}

    def area(case):
        return area_of.get(cases[case]["owner_partner_id"], "")

    def came_out(episode):
        """Whether what was typed as a release is one."""
        case, day = cases.get(episode["case_id"]), day_of(episode["release_date"])
        if not case or not day or day > as_at or episode["release_type"] in ("ROTL", "REMAND"):
            return False
        if episode["confirmed"] == 1 or case["phase"] in ("RELEASED", "HOUSED", "FLOATING", "MOVE_ON"):
            return True
        if case["phase"] == "CLOSED" and (not case["closed_on"] or day_of(case["closed_on"]) >= day):
            return True
        return any(day_of(event["occurred_on"]) >= day for event in happened(case["id"], "RECALL"))

    releases = [
        (episode["case_id"], day_of(episode["release_date"]), episode["release_type"])
        for episode in rows["custody_episode"] if came_out(episode)
    ]
    # By measure and subject: the areas and the answers.
    said = defaultdict(lambda: defaultdict(list))
    declined = defaultdict(int)

    def opened(case):
        return case in cases and cases[case]["opened_on"] and day_of(cases[case]["opened_on"]) <= as_at

    for case in cases.values():
        if not opened(case["id"]):
            continue
        died = case["close_reason"] == "DIED" and (not case["closed_on"] or day_of(case["closed_on"]) <= as_at)
        if died or happened(case["id"], "DIED"):
            continue
        planned = case["close_reason"] == "COMPLETED" and case["closed_on"] and day_of(case["closed_on"]) <= as_at
        seen = any(
            contact["case_id"] == case["id"] and contact["kind"] == "ATTENDED"
            and 0 <= (as_at - moment(contact["recorded_for_at"])).days < 42 for contact in rows["engagement_event"])
        said["engaged"][woman(case["id"])].append((area(case["id"]), bool(planned or seen)))

    def lately(row):
        return 0 <= (as_at - moment(row["recorded_for_at"])).days < 28

    accepted = [case for case in cases.values() if opened(case["id"])]
    for case in accepted:
        if happened(case["id"], "DIED") or case["closed_on"] and day_of(case["closed_on"]) <= as_at:
            continue
        tried = sum(
            1 for attempt in rows["engagement_event"]
            if attempt["case_id"] == case["id"] and attempt["kind"] == "FAILED_ATTEMPT" and lately(attempt))
        said["disengaged"][woman(case["id"])].append((area(case["id"]), tried >= 3))

    in_care = {
        find(episode["child_id"]) for episode in rows["child_care_episode"]
        if day_of(episode["from_on"]) <= as_at and episode["legal_status"] in ("C1", "C2", "E1", "V2")
    }
    families = {case["id"] for case in accepted}
    for child in rows["child"]:
        if child["case_id"] in families:
            said["kept-out-of-care"][find(child["id"])].append(
                (area(child["case_id"]), find(child["id"]) not in in_care))

    def supervised(case, day, kind):
        """Whether nothing says that three months after a release she was not supervised outside any more."""
        over = months(day, 3)
        sentence = sentence_of(rows["sentence"], case, day)
        if kind != "PSS" and sentence and sentence["expiry_on"] and day_of(sentence["expiry_on"]) < over:
            return False
        if any(day <= day_of(event["occurred_on"]) < over
               for event in happened(case, "RECALL") + happened(case, "DIED")):
            return False
        closed = day_of(cases[case]["closed_on"])
        if cases[case]["close_reason"] == "DIED" and closed and closed < over:
            return False
        return not any(
            episode["case_id"] == case and episode["received_on"]
            and day < day_of(episode["received_on"]) < over and day_of(episode["received_on"]) <= as_at
            for episode in rows["custody_episode"])

    def checks(case, counted_from, at):
        return [
            check for check in rows["tenancy_check"]
            if check["case_id"] == case and check["counted_from"] == counted_from and check["at_months"] == at
            and day_of(check["checked_on"]) <= as_at
        ]

    def due(day, at):
        """From when on a check can be of what happened so many months before."""
        return day if at == 0 else months(day, at) - timedelta(days=31)

    def homes(case, release, at):
        """The types found by the checks that belong to a release."""
        days = [day for other, day, _ in releases if other == case]
        found = []
        for check in checks(case, "RELEASE", at):
            own = [day for day in days if due(day, at) <= day_of(check["checked_on"])]
            if own and max(own) == release:
                found.append(check["type"])
        return found or [None]

    words, followed = defaultdict(set), defaultdict(set)

    def told(measure, case, day, offences):
        if months(day, 18) > as_at + timedelta(days=1):
            followed[measure].add(woman(case))
        said[measure][woman(case)].append((area(case), bool(offences)))
        for event in offences:
            words[measure, event["source"]].add(woman(case))

    for case, day, kind in releases:
        offences = [
            event for event in happened(case, "REOFFENCE")
            if day <= day_of(event["occurred_on"]) < months(day, 12) and event["proven_on"]
            and day_of(event["proven_on"]) < months(day, 18) and day_of(event["proven_on"]) <= as_at
            and event["disposal"] in ("CONVICTION", "CAUTION")
        ]
        if ago(as_at, 12) >= day:
            told("reoffending-interim", case, day, offences)
        if ago(as_at, 18) >= day:
            told("reoffending", case, day, offences)
            sentence = sentence_of(rows["sentence"], case, day)
            if sentence and sentence["length_band"] == "LT12M":
                told("reoffending-under-12-months", case, day, offences)
        if ago(as_at, 12) >= day and kind in LICENCE:
            said["recall"][woman(case)].append((area(case), any(
                day <= day_of(event["occurred_on"]) < months(day, 12) for event in happened(case, "RECALL"))))
        one = (woman(case), day)
        said["housed-on-release"][one] += [
            (area(case), None if home is None else home not in NOT_HOUSED) for home in homes(case, day, 0)]
        if ago(as_at, 3) >= day and supervised(case, day, kind):
            said["settled-3-months"][one] += [
                (area(case), None if home is None else home in SETTLED) for home in homes(case, day, 3)]

    for plan in rows["contact_plan"]:
        if plan["return_planned"] == 1 and opened(plan["case_id"]):
            own = [event for event in events if event["child_id"] == plan["child_id"]]
            back = any(
                event["kind"] == "CHILD_RETURNED" and (as_at - day_of(event["occurred_on"])).days >= 90
                and not any(
                    other["kind"] == "CHILD_RE_REMOVED" and other["occurred_on"] >= event["occurred_on"] for other in own)
                for event in own)
            said["reunited"][find(plan["child_id"])].append((area(plan["case_id"]), back))
            together = sum(
                1 for session in rows["contact_session"]
                if session["child_id"] == plan["child_id"] and session["attended"] in ("YES", "LATE") and lately(session))
            said["regular-contact"][find(plan["child_id"])].append(
                (area(plan["case_id"]), back or together >= 2))

    for stay in rows["occupancy"]:
        if stay["status"] not in ("ARRIVED", "DEPARTED", "ENDED") or stay["case_id"] not in cases:
            continue
        arrived = day_of(stay["arrive_on"])
        for at in (6, 12):
            if arrived > ago(as_at, at):
                continue
            answers = [
                None if check["sustained"] is None else check["sustained"] == 1 and not check["gap_days"]
                for check in checks(stay["case_id"], "MOVE_IN", at) if day_of(check["checked_on"]) >= due(arrived, at)
            ]
            said[f"sustained-{at}"][woman(stay["case_id"])] += [
                (area(stay["case_id"]), answer) for answer in answers or [None]]

    for move in rows["move_on"]:
        if day_of(move["moved_on"]) > as_at or move["case_id"] not in cases:
            continue
        her, there = woman(move["case_id"]), area(move["case_id"])
        if move["category"] not in ("DECEASED", "PENDING"):
            said["ete"][her].append((there, move["ete_status"] in ("EDUCATION", "TRAINING", "EMPLOYED", "SELF_EMPLOYED")))
            said["businesses"][her].append((there, move["ete_status"] == "SELF_EMPLOYED"))
        if move["category"] != "PENDING":
            said["planned-move-on"][her].append((there, None if move["planned"] is None else move["planned"] == 1))

    for referral in rows["referral"]:
        steps = {
            event["to_state"] for event in rows["referral_event"]
            if event["referral_id"] == referral["id"] and moment(event["recorded_for_at"]) <= as_at
        }
        areas = (referral["from_area"], referral["to_area"])
        if "SENT" not in steps:
            continue
        said["across-areas"][referral["id"]].append(
            (areas[0] or "", None if None in areas else areas[0] != areas[1]))
        if None not in areas and areas[0] != areas[1]:
            said["cross-area"][referral["id"]].append((areas[0], "ACCEPTED" in steps))
            if "DECLINED" in steps:
                declined[referral["decline_reason"] or "none"] += 1
                declined["all"] += 1

    times(rows, as_at, woman, find, releases, cases, area)
    for measure in sorted(said):
        best = defaultdict(list)
        for answers in said[measure].values():
            known = [answer for _, answer in answers if answer is not None]
            best[min(place for place, _ in answers)].append(any(known) if known else None)
        best["all"] = [answer for place in list(best) for answer in best[place]]
        for place, answers in best.items():
            print(measure, place or "-", answers.count(True), answers.count(True) + answers.count(False),
                  answers.count(None))
    for (measure, source), women in words.items():
        print("word", measure, source, len(women))
    for measure, women in followed.items():
        print("interim", measure, len(women))
    for reason, count in declined.items():
        print("declined", reason, count)


def waiting(path, now):
    """How long questions waited for their answer, and edits for the hub: of the last 90 days."""
    db = sqlite3.connect(path)
    since, overdue = now - 90 * 86_400_000, 48 * 3_600_000
    asked = dict(db.execute("SELECT id, opened_ms FROM hub_conflict"))
    answered = {}
    for conflict, at in db.execute("SELECT conflict, at_ms FROM hub_decision WHERE kind = 'resolve'"):
        answered[conflict] = min(at, answered.get(conflict, at))
    waits = [at - asked[conflict] for conflict, at in answered.items() if at >= since]
    for at, decided, who, state in db.execute("SELECT at_ms, decided_ms, decided_by, state FROM hub_quarantine"):
        if state > 0 and who is not None and decided is not None and decided >= since:
            waits.append(decided - at)
    for opened, closed, how in db.execute("SELECT opened_ms, closed_ms, how FROM hub_clash"):
        if how == "kept" and closed >= since:
            waits.append(closed - opened)
    waits.sort()

    def hours(milliseconds):
        return (milliseconds + 180_000) // 360_000 / 10

    if waits:
        print("decisions", len(waits), hours(sum(waits) // len(waits)), hours(waits[-(-len(waits) // 2) - 1]),
              hours(waits[-1]))
    devices = {
        row[0]: row[1:]
        for row in db.execute("SELECT id, role, state, unsent, last_seen_ms FROM hub_device")
    }
    batches = {
        no: received
        for no, device, received in db.execute("SELECT no, device, received_ms FROM hub_batch")
        if received >= since and device in devices and devices[device][0] in ("office", "field")
    }
    written = {}
    for batch, index, stamp in db.execute("SELECT batch, idx, stamp FROM hub_op"):
        if batch in batches:
            written[batch, index] = min(stamp >> 16, written.get((batch, index), stamp >> 16))
    late = sum(1 for (batch, _), at in written.items() if at < batches[batch] - overdue)
    unsent = sum(
        unsent for _, state, unsent, seen in devices.values() if state == 1 and seen is not None and seen < now - overdue)
    print("delays", len(written), late, unsent)
    looking(db, since)


def facts(detail):
    """The facts of an entry of the audit log, by field (docs/audit.md, "Forms")."""
    place = 2
    found = {}

    def number():
        nonlocal place
        value = shift = 0
        while True:
            byte = detail[place]
            place += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    number()
    while place < len(detail):
        field = detail[place]
        place += 1
        if 64 <= field < 128:
            found[field] = number()
            continue
        length = 16 if field < 64 else 32 if field < 192 else number()
        found[field] = detail[place:place + length]
        place += length
    return found


def looking(db, since):
    """For how long operators looked at what they answered."""
    viewed, person, question, pause = 32, 6, 7, 30 * 60_000
    names = dict(db.execute("SELECT name, id FROM hub_operator"))
    views = defaultdict(list)
    for at, detail in db.execute("SELECT at_ms, detail FROM hub_audit WHERE kind = ?", (viewed,)):
        known = facts(detail) if detail else {}
        if question in known:
            views[known[person], known[question]].append(at)
    answers = {}
    for asked, at, who in db.execute("SELECT conflict, at_ms, decided_by FROM hub_decision WHERE kind = 'resolve'"):
        answers[asked] = min((at, who), answers.get(asked, (at, who)))
    for asked, at, who in db.execute("SELECT id, decided_ms, decided_by FROM hub_quarantine WHERE state > 0"):
        answers[asked] = (at, who)
    looks = []
    for asked, (at, who) in answers.items():
        if at is None or at < since or who not in names:
            continue
        moments = sorted(view for view in views[names[who], asked] if view <= at) + [at]
        near = [after - before for before, after in zip(moments, moments[1:]) if after - before <= pause]
        if near:
            looks.append(sum(near))
    looks.sort()
    if looks:
        minutes = [(time + 3_000) // 6_000 / 10 for time in (sum(looks) // len(looks), looks[-(-len(looks) // 2) - 1])]
        print("looking", len(looks), *minutes)


def unsent(path, now):
    """Edits of a replica that were written more than 48 hours ago and are not sent: sealed or not yet."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "Decoder"))
    from delta import read_payload

    db = sqlite3.connect(path)
    before = now - 48 * 3_600_000
    epoch = dict(db.execute("SELECT name, value FROM ru_meta")).get("epoch_salt")
    count = 0
    # A batch whose receipt came in a file of this life of the hub need not go any more.
    for state, taken, ops in db.execute("SELECT state, taken, ops FROM ru_outbox"):
        if state < 2 and (taken is None or taken != epoch):
            count += sum(1 for op in read_payload(ops)["ops"] if op["stamp"] >> 16 < before)
    first = {}
    for table, key, mask, at in db.execute("SELECT tbl, key, mask, ms FROM ru_journal"):
        if mask:
            first[table, key] = min(at, first.get((table, key), at))
    print("unsent", count + sum(1 for at in first.values() if at < before))


def times(rows, as_at, woman, find, releases, cases, area):
    """How long it took: of each to whom it happened the shortest time; the quartiles are values that somebody had."""
    took = {"days-to-home": defaultdict(list), "days-apart": defaultdict(list), "days-to-accept": defaultdict(list)}
    for stay in rows["occupancy"]:
        moved_in = day_of(stay["arrive_on"])
        if stay["status"] not in ("ARRIVED", "DEPARTED", "ENDED") or moved_in > as_at or stay["case_id"] not in cases:
            continue
        took["days-to-home"][woman(stay["case_id"])] += [
            (area(case), (moved_in - day).days) for case, day, _ in releases
            if case == stay["case_id"] and day <= moved_in
        ]
    for episode in rows["child_care_episode"]:
        if episode["end_reason"] != "E4A" or not episode["to_on"] or episode["placement_type"] == "WITH_MOTHER":
            continue
        began, ended = day_of(episode["from_on"]), day_of(episode["to_on"])
        if began <= ended <= as_at and episode["case_id"] in cases:
            took["days-apart"][find(episode["child_id"])].append((area(episode["case_id"]), (ended - began).days))
    for referral in rows["referral"]:
        steps = defaultdict(list)
        for event in rows["referral_event"]:
            if event["referral_id"] == referral["id"]:
                steps[event["to_state"]].append(event["recorded_for_at"])
        areas = (referral["from_area"], referral["to_area"])
        if None in areas or areas[0] == areas[1] or not steps["SENT"]:
            continue
        accepted = [at for at in steps["ACCEPTED"] if moment(at) <= as_at]
        if accepted and min(accepted) >= min(steps["SENT"]):
            took["days-to-accept"][referral["id"]].append(
                (areas[0], (moment(min(accepted)) - moment(min(steps["SENT"]))).days))
    for measure, subjects in sorted(took.items()):
        by_area = defaultdict(list)
        for found in subjects.values():
            if found:
                shortest = min(days for _, days in found)
                by_area["all"].append(shortest)
                by_area[min(place for place, _ in found)].append(shortest)
        for place, days in by_area.items():
            days.sort()
            print(measure, place or "-", len(days),
                  *(days[-(-len(days) * quarter // 4) - 1] for quarter in (1, 2, 3)))


def sroi(path, study, spent):
    """The present value of a study's benefits for each pound, discounted by 3.5 % a year."""
    db = sqlite3.connect(path)
    db.row_factory = sqlite3.Row
    worth = {1: 0, 10: 0}
    for line in db.execute("SELECT * FROM sroi_line WHERE study = ?", (study,)):
        shares = [line[name + "_per_mille"] for name in ("deadweight", "attribution", "drop_off")]
        if None in (line["units"], line["proxy_pence"], *shares) or not line["proxy_source"]:
            continue
        deadweight, attribution, left = (share / 1_000 for share in shares)
        for years in worth:
            worth[years] += int(0.5 + sum(
                line["units"] * line["proxy_pence"] * (1 - deadweight) * attribution * left**year / 1.035**year
                for year in range(years)))
    for years, pence in worth.items():
        print("sroi", years, pence, int(0.5 + pence * 100 / spent))


if __name__ == "__main__":
    if sys.argv[2] == "--waiting":
        waiting(sys.argv[1], int(sys.argv[3]))
    elif sys.argv[2] == "--sroi":
        sroi(sys.argv[1], sys.argv[3], int(sys.argv[4]))
    elif sys.argv[2] == "--unsent":
        unsent(sys.argv[1], int(sys.argv[3]))
    else:
        main(sys.argv[1], date.fromisoformat(sys.argv[2]))
