#!/usr/bin/env python3
"""Somebody who has read docs/outcomes.md tries to work out the counts that published reports hide.

    attack.py FILE.json

The file holds a list of networks, each a list of reports as they were published, with their revisions. Prints a line for
each hidden count that can have one value only: the network, the day, the table, the line and the column. At the end says
how many hidden counts were tried. Written from the document alone.

All sums, all tables that count the same people or some of them, and all quarters are laid over each other as one system
of equations and inequalities over whole numbers; for each hidden count a second solution is looked for, by narrowing and
trying out. Whatever a sum or difference of published counts could tell, it would tell here.
"""
import json
import sys

sys.setrecursionlimit(20000)
# By definition the same people; by definition some of the others.
SAME = [("businesses", "of", "ete", "of"), ("days-to-accept", "of", "cross-area", "yes"),
        ("cross-area", "of", "across-areas", "yes")]
PART = [("businesses", "yes", "ete", "yes"), ("declined", "of", "cross-area", "no"),
        ("settled-3-months", "all", "housed-on-release", "all"), ("recall", "all", "housed-on-release", "all"),
        ("reoffending", "all", "housed-on-release", "all"), ("sustained-12", "all", "sustained-6", "all")]
NOT_CUMULATIVE = {"engaged", "reunited"}
# Of whom a table tells: released, or moved in, so many quarters ago or earlier; all of them, or some.
WHOM = {"housed-on-release": ("released", 0, True), "settled-3-months": ("released", 1, True),
        "recall": ("released", 4, False), "reoffending": ("released", 6, True),
        "sustained-6": ("moved in", 2, True), "sustained-12": ("moved in", 4, True)}


class System:
    def __init__(self):
        self.low, self.high, self.names = [], [], []
        # Parts and their sum; or a part and the whole, with the word.
        self.lines = []

    def add(self, name, low, high):
        self.names.append(name)
        self.low.append(low)
        self.high.append(high)
        return len(self.names) - 1

    def components(self):
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


def solved(cells, low, high, lines, touching, budget):
    """One way in which all of it fits, as (low, high) that are equal; None where there is none."""
    open_cells = [cell for cell in cells if low[cell] < high[cell]]
    if not open_cells:
        return low
    budget[0] -= 1
    if budget[0] < 0:
        raise TimeoutError
    cell = min(open_cells, key=lambda cell: high[cell] - low[cell])
    middle = (low[cell] + high[cell]) // 2
    for below, above in ((low[cell], middle), (middle + 1, high[cell])):
        new_low, new_high = dict(low), dict(high)
        new_low[cell], new_high[cell] = below, above
        if narrowed(new_low, new_high, lines, touching, touching[cell]):
            found = solved(cells, new_low, new_high, lines, touching, budget)
            if found:
                return found
    return None


def told(system, hidden):
    """The hidden cells that can have one value only, and whether anything fits at all."""
    out = []
    for cells, lines in system.components():
        mine = [cell for cell in cells if cell in hidden]
        if not mine:
            continue
        touching = {cell: [] for cell in cells}
        for number, (_, members) in enumerate(lines):
            for cell in members:
                touching[cell].append(number)
        low = {cell: system.low[cell] for cell in cells}
        high = {cell: system.high[cell] for cell in cells}
        if not narrowed(low, high, lines, touching, range(len(lines))):
            return None
        first = solved(cells, low, high, lines, touching, [20000])
        if first is None:
            return None
        several = set()
        for cell in mine:
            if cell in several:
                continue
            for below, above in ((low[cell], first[cell] - 1), (first[cell] + 1, high[cell])):
                if below > above:
                    continue
                new_low, new_high = dict(low), dict(high)
                new_low[cell], new_high[cell] = below, above
                if not narrowed(new_low, new_high, lines, touching, touching[cell]):
                    continue
                second = solved(cells, new_low, new_high, lines, touching, [20000])
                if second:
                    several.update(other for other in mine if second[other] != first[other])
                    break
            else:
                out.append(cell)
    return out


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


def read(reports, relations):
    """Relations: 2, whatever is the same by definition is the same; 1, it is a part at least; 0, none."""
    system, hidden = System(), set()
    shown = [
        int(text) for item in reports for lines in tables(item["report"]).values() for _, columns in lines
        for text in columns.values() if text != "c"
    ]
    # So much a hidden count may be, as far as anybody outside can know.
    most = 2 * max(shown, default=0) + 80
    places = []
    for item in reports:
        report, revised = item["report"], item["revision"] > 1
        place = {}
        for table, lines in tables(report).items():
            by_column = {}
            for name, columns in lines:
                for column, text in columns.items():
                    if text == "c":
                        low, high = (0 if revised else 1), most
                    elif text == "0":
                        low, high = 0, 0
                    else:
                        spread = 4 if revised else 2
                        low, high = max(5, int(text) - spread), int(text) + spread
                    cell = system.add((report["as_at"], table, name, column), low, high)
                    if text == "c":
                        hidden.add(cell)
                    place[table, name, column] = cell
                    by_column.setdefault(column, []).append(cell)
                if "no" in columns:
                    system.lines.append(
                        ("sum", [place[table, name, column] for column in ("yes", "no", "of")]))
                    whole = place[table, name, "all"] = system.add((), 0, 4 * most)
                    system.lines.append(("sum", [place[table, name, "of"], place[table, name, "unknown"], whole]))
            for cells in by_column.values():
                if len(cells) > 1:
                    system.lines.append(("sum", cells))
        places.append((report["as_at"], place))
        if relations == 0:
            continue
        for pairs, kind in ((SAME, "sum" if relations == 2 else "most"), (PART, "most")):
            for part, column, whole, other in pairs:
                for (table, name, which), cell in place.items():
                    if (table, which) != (part, column) or part == "declined" and name is not None:
                        continue
                    if (whole, name, other) in place:
                        system.lines.append((kind, [cell, place[whole, name, other]]))
    places.sort(key=lambda item: item[0])
    for (_, before), (_, after) in zip(places, places[1:]):
        for (table, name, column), cell in before.items():
            if relations and table not in NOT_CUMULATIVE and (table, name, column) in after:
                single = (table, name, "no") not in before
                if column in (("of",) if single else ("yes", "all")):
                    system.lines.append(("most", [cell, after[table, name, column]]))
    if relations:
        across(system, places, "sum" if relations == 2 else "most")
    return system, hidden


def across(system, places, same):
    """Tables of different measures and quarters that tell of the same women, or of some of them."""
    def people(day, table):
        who, ago, whole = WHOM[table]
        return who, int(day[:4]) * 4 + int(day[5:7]) // 3 - ago, whole

    tables = [
        (people(day, table), table, {name: cell for (other, name, column), cell in place.items()
                                     if other == table and column == "all"})
        for day, place in places for table in WHOM
    ]
    for (who, until, whole), table, cells in tables:
        for (others, later, all_of_them), other, theirs in tables:
            if table == other or who != others or until > later or not all_of_them:
                continue
            for name in cells.keys() & theirs.keys():
                kind = same if until == later and whole else "most"
                system.lines.append((kind, [cells[name], theirs[name]]))


def main(path):
    with open(path, encoding="utf-8") as file:
        networks = json.load(file)
    tried = fitted = 0
    for number, reports in enumerate(networks):
        for relations in (2, 1, 0):
            system, hidden = read(reports, relations)
            found = told(system, hidden)
            # Where nothing fits, what was taken to be the same people is not; then only the tables by themselves tell.
            if found is None:
                continue
            fitted += relations > 0
            for cell in found:
                print("told", number, *system.names[cell])
            tried += len(hidden)
            break
    print("tried", tried, "fitted", fitted)


if __name__ == "__main__":
    main(sys.argv[1])
