#!/usr/bin/env python3
"""Counts what was typed and cannot be right (docs/outcomes.md, "Quality"), without a line of the program's own.

    doubts.py FILE.sqlite

Prints a line for each table, column and reason that has a row: the table, the column, how many rows, the reason, with
tabs between them. Written from the document alone.
"""
import re
import sqlite3
import sys
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

DAY_FORM = "[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]"
MONTH_FORM = "[12][0-9][0-9][0-9]-[01][0-9]"
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff]")
DAY = 86_400_000  # milliseconds
SEVERAL = 200  # letters: a column with room for so many holds several codes


def is_day(text):
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    try:
        return bool(found and date(*map(int, found.groups())))
    except ValueError:
        return False


def is_month(text):
    return bool(re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text))


def years(text, count):
    """So many years later, as text; None where nothing follows. A day that a month does not have runs over."""
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", text or "")
    if not found:
        return None
    year, month, day = map(int, found.groups())
    try:
        # The year changes first; then what that month does not have runs over.
        then = date(year + count, month, 1) + timedelta(days=day - 1)
    except (ValueError, OverflowError):
        return None
    return then.isoformat()


def day_of(milliseconds):
    """The day in UTC."""
    return (date(1970, 1, 1) + timedelta(days=milliseconds // DAY)).isoformat()


def before(one, other):
    """Days are compared as they are written, and one that is not known is neither."""
    return one is not None and other is not None and one < other


def not_after(one, other):
    return one is not None and other is not None and one <= other


def has_form(sql, column, form):
    return re.search(rf"\b{re.escape(column)}\s+GLOB\s+'{re.escape(form)}'", sql) is not None


def room(sql, column):
    """How many letters the CHECK of a column leaves room for; 0 where it does not say so."""
    length = rf"\blength\(\s*{re.escape(column)}\s*\)\s*"
    found = re.search(length + r"(?:<=|=|BETWEEN\s+[0-9]+\s+AND)\s*([0-9]+)", sql)
    return int(found[1]) if found else 0


def main(path):
    db = sqlite3.connect(Path(path).resolve().as_uri() + "?mode=ro", uri=True)
    db.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    schema = dict(db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'"))
    doubts = Counter()

    # The columns that count, each with the list of codes that is named for it.
    columns = defaultdict(dict)
    for table, column, codes in db.execute("SELECT tbl, name, code_list FROM ru_column"):
        if table in schema:
            columns[table][column] = codes
    rows, text_columns = {}, {}
    for table in columns:
        declared = {info[1]: info[2].upper() for info in db.execute(f'PRAGMA table_xinfo("{table}")')}
        columns[table] = {column: codes for column, codes in columns[table].items() if column in declared}
        text_columns[table] = {column for column in columns[table] if declared[column] == "TEXT"}
        names = ["id"] * ("id" in declared) + [column for column in columns[table] if column != "id"]
        rows[table] = [
            dict(zip(names, row))
            for row in db.execute("SELECT " + ", ".join(f'"{name}"' for name in names) + f' FROM "{table}"')
        ]
    known_codes = defaultdict(set)
    for codes, code in db.execute("SELECT list, code FROM code_value"):
        known_codes[codes].add(code)

    # What holds for every column.
    for table in rows:
        for column in text_columns[table]:
            sql, codes = schema[table], columns[table][column]
            day, month = has_form(sql, column, DAY_FORM), has_form(sql, column, MONTH_FORM)
            several = room(sql, column) >= SEVERAL
            for row in rows[table]:
                text = row[column]
                if not isinstance(text, str):
                    continue
                if codes is not None:
                    typed = text.split(",") if several else [text]
                    if any(code not in known_codes[codes] for code in typed):
                        doubts[table, column, "it is not in the list of codes"] += 1
                if day and not is_day(text):
                    doubts[table, column, "there is no such day"] += 1
                if day and (text < "1900" or text >= "2200"):
                    doubts[table, column, "the year cannot be right"] += 1
                if month and not is_month(text):
                    doubts[table, column, "there is no such month"] += 1
                if CONTROL.search(text):
                    doubts[table, column, "there is a control character in it"] += 1

    def each(table, column, reason, wrong):
        """Counts the rows in which a column that is not empty is wrong."""
        if column in text_columns.get(table, ()):
            count = sum(1 for row in rows[table] if isinstance(row[column], str) and wrong(row))
            if count:
                doubts[table, column, reason] += count

    # What holds between columns. An id that names no row here counts for nothing.
    cases = {case["id"]: case for case in rows.get("case_file", ())}
    children = {child["id"]: child for child in rows.get("child", ())}
    births = defaultdict(list)
    for person in rows.get("person", ()):
        if person["case_id"] in cases:
            births[person["case_id"]].append(person["date_of_birth"])

    def births_of(case):
        return [person["date_of_birth"] for person in rows.get("person", ()) if person["case_id"] == case]

    def opened(row):
        return cases[row["case_id"]]["opened_on"] if row["case_id"] in cases else None

    each("person", "date_of_birth", "she would be younger than fifteen or older than ninety-nine", lambda row: (
        before(years(opened(row), -15), row["date_of_birth"])
        or not_after(row["date_of_birth"], years(opened(row), -100))))
    each("child", "date_of_birth", "the child would be older than the mother, or born before she was twelve",
         lambda row: any(before(row["date_of_birth"], years(birth, 12)) for birth in births[row["case_id"]]))
    each("child", "date_of_birth", "the child was eighteen when the case was opened",
         lambda row: not_after(row["date_of_birth"], years(opened(row), -18)))
    each("child_care_episode", "from_on", "it begins before the child was born", lambda row: (
        row["child_id"] in children and before(row["from_on"], children[row["child_id"]]["date_of_birth"])))
    each("child_care_episode", "to_on", "it ends before it begins", lambda row: before(row["to_on"], row["from_on"]))
    each("custody_episode", "release_date", "she would be released before she was received",
         lambda row: before(row["release_date"], row["received_on"]))
    today = day_of(next(iter(db.execute("SELECT ms FROM ru_now")))[0])
    corrected = {event["corrects_id"] for event in rows.get("outcome_event", ())}

    def should_be_out(row):
        case, day = row["case_id"], row["release_date"]
        if case not in cases or cases[case]["phase"] != "PRE_RELEASE" or row["release_type"] in ("ROTL", "REMAND"):
            return False
        later = [episode["received_on"] for episode in rows["custody_episode"] if episode["case_id"] == case] + [
            event["occurred_on"] for event in rows["outcome_event"]
            if event["case_id"] == case and event["kind"] == "RECALL" and event["id"] not in corrected
        ]
        return day < today and not any(not_after(day, one) for one in later)

    each("custody_episode", "release_date", "the day is past, and by her case she is not released", should_be_out)
    each("case_file", "closed_on", "it was closed before it was opened",
         lambda row: before(row["closed_on"], row["opened_on"]))

    # What has happened has not happened the day after tomorrow. A clock that was never set says nothing.
    now = next(iter(db.execute("SELECT ms FROM ru_now")))[0]
    for table, column in (("case_file", "opened_on"), ("case_file", "closed_on"), ("child", "date_of_birth"),
                          ("custody_episode", "received_on"), ("child_care_episode", "from_on"),
                          ("move_on", "moved_on"), ("tenancy_check", "checked_on"), ("outcome_event", "proven_on")):
        each(table, column, "the day is still to come", lambda row: now > 0 and row[column] > day_of(now + DAY))
    each("outcome_event", "proven_on", "it was proven before it happened",
         lambda row: before(row["proven_on"], row["occurred_on"]))
    each("move_on", "departure_reason", "it was planned by its reason, and not planned",
         lambda row: row["departure_reason"] == "PLANNED" and row["planned"] == 0)
    for person in rows.get("person", ()):
        if not any((person[name] or "").strip(" ") for name in ("known_as", "legal_first", "legal_last")):
            doubts["person", "known_as", "nobody says what she is called"] += 1
    for consent in rows.get("consent", ()):
        if any(before(day_of(consent["recorded_for_at"]), birth) for birth in births_of(consent["case_id"])):
            doubts["consent", "recorded_for_at", "it would have happened before she was born"] += 1
    for column in ("release_date", "needed_from"):
        each("referral", column, "the day is more than a year before her case was opened",
             lambda row: before(row[column], years(opened(row), -1)))

    for table in ("consent", "case_note", "contact_session", "mentor_session", "progress_reading", "occupancy_event",
                  "tenancy_check", "engagement_event", "outcome_event", "feedback"):
        # The one reason about a column that holds no text.
        for row in rows.get(table, ()):
            if row["recorded_for_at"] > row["entered_at"] + DAY:
                doubts[table, "recorded_for_at", "it would have happened after it was typed"] += 1
    each("outcome_event", "occurred_on", "it would have happened after it was typed", lambda row: (
        before(day_of(row["entered_at"] + DAY), row["occurred_on"])))
    women = Counter(person["case_id"] for person in rows.get("person", ()))
    for person in rows.get("person", ()):
        if women[person["case_id"]] > 1:
            doubts["person", "case_id", "another woman is in the same case"] += 1

    tiers = defaultdict(set)
    for authority in rows.get("local_authority", ()):
        tiers[authority["gss"]].add(authority["tier"])
    told = defaultdict(set)
    for duty in rows.get("duty_to_refer", ()):
        if duty["status"] != "WITHDRAWN" and duty["case_id"] in cases:
            told[duty["case_id"]].add(duty["la_gss"])

    each("duty_to_refer", "la_gss", "there is no such local authority", lambda row: row["la_gss"] not in tiers)
    each("duty_to_refer", "la_gss", "a county owes no homelessness duty: name the district",
         lambda row: "COUNTY" in tiers.get(row["la_gss"], ()))
    each("duty_to_refer", "la_gss", "another authority has been told as well",
         lambda row: row["status"] != "WITHDRAWN" and bool(told[row["case_id"]] - {row["la_gss"]}))

    for (table, column, reason), count in sorted(doubts.items()):
        print(table, column, count, reason, sep="\t")


if __name__ == "__main__":
    main(sys.argv[1])
