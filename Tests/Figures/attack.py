#!/usr/bin/env python3
"""Somebody who has read docs/outcomes.md tries to work out the counts that published reports hide.

    attack.py FILE.json

The file holds a list of networks, each a list of reports as they were published, with their revisions, and with the exact
counts of their day: these tell which of the things that somebody would take for granted are so (by what is not so nobody
works anything out), and are looked at for nothing else. What was let out on purpose ("under 3 %" beside a c) is known like
all else that is shown, and is no hidden count any more. A table of a revision that says what the one before said may stand
only because nothing could be hidden: it is read as the earlier one, and as a new one where it is so of the new counts.
Prints a line for each hidden count that can have one value only:
the network, the day, the revision, the table, the line and the column. At the end says how many hidden counts were tried.
Written from the document alone.

All sums, all tables that count the same people or some of them, and all quarters are laid over each other as one system
of equations and inequalities over whole numbers; for each hidden count a second solution is looked for, by narrowing and
trying out. Whatever a sum or difference of published counts could tell, it would tell here.
"""
import json
import random
import sys

sys.setrecursionlimit(20000)
# docs/outcomes.md, "Who is counted where". The same people: table, column, so many quarters before its day, all of them.
SAME = [
    [("housed-on-release", "all", 0, True), ("settled-3-months", "all", 1, True), ("recall", "all", 4, False),
     ("reoffending", "all", 6, True), ("days-to-home", "of", 0, False)],
    [("sustained-6", "all", 2, True), ("sustained-12", "all", 4, True), ("days-to-home", "of", 0, True)],
    [("ete", "all", 0, True), ("businesses", "all", 0, True), ("planned-move-on", "all", 0, True)],
    [("across-areas", "yes", 0, True), ("cross-area", "all", 0, True)],
    [("cross-area", "yes", 0, True), ("days-to-accept", "of", 0, True)],
]
# Some of others: part, column, whole, column, from so many quarters later on.
PART = [
    ("businesses", "yes", "ete", "yes", 0), ("declined", "of", "cross-area", "no", 0),
    ("declined", "of", "cross-area", "all", 0), ("sustained-12", "yes", "sustained-6", "yes", -2),
    ("sustained-6", "no", "sustained-12", "no", 2), ("reunited", "yes", "days-apart", "of", 0),
    ("days-apart", "of", "reunited", "all", 0), ("housed-on-release", "all", "engaged", "all", 0),
    ("sustained-6", "all", "engaged", "all", -2), ("days-to-home", "of", "engaged", "all", 0),
    ("ete", "all", "engaged", "all", 0), ("planned-move-on", "all", "engaged", "all", 0),
    ("reoffending", "all", "engaged", "all", -6), ("recall", "all", "engaged", "all", -4),
    ("settled-3-months", "all", "housed-on-release", "all", 0), ("reoffending", "all", "housed-on-release", "all", 0),
    ("recall", "all", "housed-on-release", "all", 0), ("recall", "all", "reoffending", "all", 2),
    ("days-to-home", "of", "housed-on-release", "all", 0), ("days-to-home", "of", "sustained-6", "all", 2),
    ("days-to-home", "of", "sustained-12", "all", 4), ("ete", "all", "planned-move-on", "all", 0),
    ("days-to-accept", "of", "cross-area", "yes", 0),
]
# What goes on to count, in each line; all of it where nothing is said.
GROWS = {"engaged": ("all",), "reunited": ("yes", "all"), "cross-area": ("yes", "all")}


# No dictionary of values: the search came to no end.
GIVEN_UP = "given up"


class System:
    def __init__(self):
        self.low, self.high, self.names, self.exact = [], [], [], []
        # Parts and their sum; or a part and the whole, with the word.
        self.lines = []
        # What was not taken for granted, for it is not so.
        self.untrue = 0

    def add(self, name, low, high, exact):
        self.names.append(name)
        self.exact.append(exact)
        self.low.append(low)
        self.high.append(high)
        return len(self.names) - 1

    def components(self):
        """Cells that have to do with each other, and the lines between them."""
        root = list(range(len(self.names)))

        def find(cell):
            while root[cell] != cell:
                root[cell] = root[root[cell]]
                cell = root[cell]
            return cell

        for _, cells in self.lines:
            for cell in cells[1:]:
                root[find(cell)] = find(cells[0])
        groups = {}
        for cell in range(len(self.names)):
            groups.setdefault(find(cell), []).append(cell)
        lines = {}
        for line in self.lines:
            lines.setdefault(find(line[1][0]), []).append(line)
        return [(cells, lines.get(head, [])) for head, cells in groups.items()]

    def check(self, cells, lines):
        """Says which count or line is not so of the rows; all that stands here must be."""
        wrong = [
            f"{self.names[cell]} is {self.exact[cell]}, not {self.low[cell]} to {self.high[cell]}"
            for cell in cells if not self.low[cell] <= self.exact[cell] <= self.high[cell]
        ]
        for kind, members in lines:
            counts = [self.exact[cell] for cell in members]
            if counts[0] > counts[-1] if kind == "most" else sum(counts[:-1]) != counts[-1]:
                wrong.append(f"{kind}: " + ", ".join(f"{self.names[cell]} is {self.exact[cell]}" for cell in members))
        if wrong:
            raise SystemExit("the rows do not fit what was published of them:\n" + "\n".join(wrong))

    def guess(self, kind, few, many):
        """What is so of the rows is taken for granted."""
        one, other = self.exact[few], self.exact[many]
        if one == other or kind == "most" and one < other:
            self.lines.append((kind, [few, many]))
        else:
            self.untrue += 1


def narrowed(low, high, lines, touching, queue):
    """Narrows bounds in place until nothing moves; False where nothing fits."""
    waiting = set(queue)
    queue = list(queue)
    while queue:
        number = queue.pop()
        waiting.discard(number)
        kind, cells = lines[number]
        moved = []
        if kind == "most":
            part, whole = cells
            if high[part] > high[whole]:
                high[part] = high[whole]
                moved.append(part)
            if low[whole] < low[part]:
                low[whole] = low[part]
                moved.append(whole)
        else:
            parts, total = cells[:-1], cells[-1]
            least, most = sum(low[cell] for cell in parts), sum(high[cell] for cell in parts)
            if low[total] < least:
                low[total] = least
                moved.append(total)
            if high[total] > most:
                high[total] = most
                moved.append(total)
            for cell in parts:
                floor, ceiling = low[total] - (most - high[cell]), high[total] - (least - low[cell])
                if low[cell] < floor:
                    low[cell] = floor
                    moved.append(cell)
                if high[cell] > ceiling:
                    high[cell] = ceiling
                    moved.append(cell)
        for cell in moved:
            if low[cell] > high[cell]:
                return False
            for other in touching[cell]:
                if other not in waiting:
                    waiting.add(other)
                    queue.append(other)
        if moved and number not in waiting:
            waiting.add(number)
            queue.append(number)
    return True


def solved(cells, low, high, lines, touching, budget, chance=None):
    """One way in which all of it fits, as (low, high) that are equal; None where there is none. Gives up at the end of
    its budget, with TimeoutError. With a chance it tries in another order each time."""
    open_cells = [cell for cell in cells if low[cell] < high[cell]]
    if not open_cells:
        return low
    budget[0] -= 1
    if budget[0] < 0:
        raise TimeoutError
    cell = min(open_cells, key=lambda cell: high[cell] - low[cell])
    if chance:
        least = high[cell] - low[cell]
        cell = chance.choice([cell for cell in open_cells if high[cell] - low[cell] <= least + 1])
    middle = (low[cell] + high[cell]) // 2
    halves = [(low[cell], middle), (middle + 1, high[cell])]
    if chance and chance.random() < 0.5:
        halves.reverse()
    for below, above in halves:
        new_low, new_high = dict(low), dict(high)
        new_low[cell], new_high[cell] = below, above
        if narrowed(new_low, new_high, lines, touching, touching[cell]):
            found = solved(cells, new_low, new_high, lines, touching, budget, chance)
            if found:
                return found
    return None


class Part:
    """Cells that have to do with each other, under some lines."""

    def __init__(self, system, cells, lines):
        self.cells, self.lines = cells, lines
        self.touching = {cell: [] for cell in cells}
        for number, (_, members) in enumerate(lines):
            for cell in members:
                self.touching[cell].append(number)
        self.low = {cell: system.low[cell] for cell in cells}
        self.high = {cell: system.high[cell] for cell in cells}
        # The rows themselves are one way in which all of it fits.
        self.first = {cell: system.exact[cell] for cell in cells}
        system.check(cells, lines)
        if not narrowed(self.low, self.high, lines, self.touching, range(len(lines))):
            raise SystemExit("the rows do not fit what was published of them")

    def solution(self, low, high):
        """None where there is none. Where a long search finds neither, whoever searches has not been told either."""
        for attempt in range(8):
            try:
                chance = random.Random(attempt) if attempt else None
                return solved(
                    self.cells, low, high, self.lines, self.touching, [len(self.cells) + 200], chance)
            except TimeoutError:
                continue
        return GIVEN_UP

    def other(self, cell):
        """A solution with another value of a cell; None where there is none."""
        first = self.first[cell]
        for below, above in ((self.low[cell], first - 1), (first + 1, self.high[cell])):
            if below > above:
                continue
            low, high = dict(self.low), dict(self.high)
            low[cell], high[cell] = below, above
            if narrowed(low, high, self.lines, self.touching, self.touching[cell]):
                found = self.solution(low, high)
                if found:
                    return found
        return None


def told(system, hidden):
    """The hidden cells that can have one value only; and for how many the search came to no end."""
    out, given_up = [], 0
    for cells, lines in system.components():
        mine = [cell for cell in cells if cell in hidden]
        if not mine:
            continue
        part = Part(system, cells, lines)
        several = set()
        for cell in mine:
            if cell in several:
                continue
            second = part.other(cell)
            if second is GIVEN_UP:
                given_up += 1
            elif second:
                several.update(other for other in mine if second[other] != part.first[other])
            elif part.first[cell]:
                # That nobody is counted is no secret: 0 is shown.
                out.append(cell)
    return out, given_up


def tables(report):
    """By table: lines of (name or None, {column: text})."""
    found = {}
    for figure in report["figures"]:
        found[figure["measure"]] = [
            (line.get("area"), {column: line[column] for column in ("yes", "no", "of", "unknown")})
            for line in figure["lines"]
        ]
    for figure in report["times"]:
        found[figure["measure"]] = [(line.get("area"), {"of": line["of"]}) for line in figure["lines"]]
    if report.get("declined"):
        declined = report["declined"]
        found[declined["measure"]] = [(line.get("reason"), {"of": line["of"]}) for line in declined["lines"]]
    return found


def let_out(report):
    """What "under 3 %" tells of a c: by table and line how many yes may be, and of how many it is at least."""
    found = {}
    for figure in report["figures"]:
        for line in figure["lines"]:
            percent = line.get("percent") or ""
            if line["yes"] == "c" and percent.startswith("under "):
                bound = int(percent.removeprefix("under ").removesuffix(" %"))
                counts = [count for count in range(1, 5) if 100 * count // int(line["of"]) + 1 == bound]
                # It is true of the count and of how many they are: 100 * count < bound * of.
                found[figure["measure"], line.get("area")] = counts[0], counts[-1], 100 * counts[0] // bound + 1
    return found


def read(reports):
    """All that was published as one system."""
    system, hidden = System(), set()
    shown = [
        int(text) for item in reports for lines in tables(item["report"]).values() for _, columns in lines
        for text in columns.values() if text != "c"
    ]
    # So much a hidden count may be, as far as anybody outside can know.
    most = 2 * max(shown, default=0) + 80
    # By quarter, revision, table, column and line.
    places = {}
    # By quarter and table: its lines, and from which revision on they have been what they are.
    last, since = {}, {}
    for item in reports:
        report, revision = item["report"], item["revision"]
        day = report["as_at"]
        quarter = int(day[:4]) * 4 + int(day[5:7]) // 3
        exact = {table: dict(lines) for table, lines in tables(item["exact"]).items()}
        bare = all_hidden(tables(report))
        known = let_out(report)
        # There a c under yes may be nothing: the table says so.
        open_ones = {figure["measure"] for figure in report["figures"] if figure.get("nothing_hidden")}
        for table, lines in tables(report).items():
            # It may be the earlier one that stands: then it says nothing of the counts of today.
            is_same = last.get((quarter, table)) == lines
            if not is_same:
                last[quarter, table], since[quarter, table] = lines, revision
            ranges = {
                (name, column): bounds(
                    text, int(exact[table].get(name, {}).get(column, 0)), revision > 1,
                    table in bare or column == "yes" and table in open_ones, most)
                for name, columns in lines for column, text in columns.items()
            }
            for name, columns in lines:
                if (table, name) in known:
                    fewest, greatest, least = known[table, name]
                    low, high, count = ranges[name, "of"]
                    ranges[name, "of"] = max(low, least), high, count
                    ranges[name, "yes"] = fewest, greatest, ranges[name, "yes"][2]
            is_so = exact[table].keys() <= dict(lines).keys() and all(
                low <= count <= high for low, high, count in ranges.values())
            if is_same and not is_so:
                continue
            for name, columns in lines:
                line, counts = {}, exact[table].get(name, {})
                for column, text in columns.items():
                    line[column] = system.add((day, revision, table, name, column), *ranges[name, column])
                    if text == "c" and not (column == "yes" and (table, name) in known):
                        hidden.add(line[column])
                if "no" in columns:
                    line["all"] = system.add((day, revision, table, name, "all"), 0, 4 * most,
                                             int(counts.get("of", 0)) + int(counts.get("unknown", 0)))
                    system.lines.append(("sum", [line["yes"], line["no"], line["of"]]))
                    system.lines.append(("sum", [line["of"], line["unknown"], line["all"]]))
                for column, cell in line.items():
                    places.setdefault((table, column), {}).setdefault((quarter, revision), {})[name] = cell
    for by_day in places.values():
        for names in by_day.values():
            if len(names) > 1:
                system.lines.append(("sum", [cell for name, cell in names.items() if name is not None] + [names[None]]))
    guess(system, places, since)
    return system, hidden


def all_hidden(found):
    """The tables of a report that show no number but 0, and hang together with none that does: "c where nothing else is
    left to hide" may be a 0 there."""
    groups = [{table for table, *_ in group} for group in SAME] + [{part, whole} for part, _, whole, _, _ in PART]
    shows = {
        table for table, lines in found.items() for _, columns in lines for text in columns.values()
        if text not in ("c", "0")
    }
    while True:
        more = set().union(shows, *(group for group in groups if group & shows))
        if more == shows:
            return found.keys() - shows
        shows = more


def bounds(text, count, is_revised, is_bare, most):
    """What a text says of a count, and the count."""
    if text == "c":
        return 0 if is_revised or is_bare or not count else 1, most, count
    if text == "0":
        return 0, 0, count
    spread = 4 if is_revised else 2
    return max(5, int(text) - spread), int(text) + spread, count


def guess(system, places, since):
    """What tables have to do with each other, by whom they count: as they were published last."""
    def meet(part, whole, later, same=False):
        for (quarter, revision), few in places.get(part, {}).items():
            for (other, its), many in places.get(whole, {}).items():
                if other < quarter + later or few is many:
                    continue
                if revision < since[quarter, part[0]] or its < since[other, whole[0]]:
                    continue
                kind = "sum" if same and other == quarter + later else "most"
                for name in few.keys() & many.keys():
                    if "declined" in (part[0], whole[0]) and part[0] != whole[0] and name is not None:
                        continue
                    system.guess(kind, few[name], many[name])

    for group in SAME:
        for table, column, ago, whole in group:
            for other, its, long_ago, all_of_them in group:
                if (table, column) != (other, its) and all_of_them:
                    meet((table, column), (other, its), long_ago - ago, whole)
    for part, column, whole, its, later in PART:
        meet((part, column), (whole, its), later)
    for by_day in places.values():
        for (quarter, revision), before in by_day.items():
            # What a revision left as it was may be as it was.
            after = by_day.get((quarter, revision + 1), {})
            for name in before.keys() & after.keys():
                system.guess("sum", before[name], after[name])
    for table, column in sorted(places):
        if column in GROWS.get(table, ("yes", "no", "of", "all")):
            meet((table, column), (table, column), 1)


def main(path):
    with open(path, encoding="utf-8") as file:
        networks = json.load(file)
    tried = lines = untrue = given_up = 0
    for number, reports in enumerate(networks):
        system, hidden = read(reports)
        found, endless = told(system, hidden)
        for cell in found:
            print("told", number, *system.names[cell])
        tried, given_up = tried + len(hidden), given_up + endless
        lines, untrue = lines + len(system.lines), untrue + system.untrue
    print("tried", tried, "lines", lines, "untrue", untrue, "given-up", given_up)


if __name__ == "__main__":
    main(sys.argv[1])
