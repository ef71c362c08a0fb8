#!/usr/bin/env python3
"""Makes packs/boston311 from one year of Boston's requests: python3 tools/boston311/make_pack.py FILE.csv.xz [OUT]

Groups are the file's REASON, functions its Department (the one that had most of a type's requests), and a type's
limit is the median of TARGET_DT - OPEN_DT: the file knows one limit, from the report to the end, so it holds for the handling
and for the whole. Chinese names and further words are in the tables beside this.
"""
import csv
import datetime
import json
import lzma
import pathlib
import re
import statistics
import sys
from collections import Counter, defaultdict

HERE = pathlib.Path(__file__).parent
TIME = "%m/%d/%Y %I:%M:%S %p"
MAX_CODE = 40
MIN_PROMISED_SHARE = 0.1  # fewer targets than that are slips of single requests, not a promise of the type
MIN_HOURS = 0.5
HOURS_BELOW = 20  # shorter promises are counted in hours round the clock, longer ones in days
VERSION = "2015.1"
CITY_CODE = "2507"


def table(name):
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return {row[0]: row[1:] for row in (line.split("\t") for line in lines if line)}


def code_of(name):
    code = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    while len(code) > MAX_CODE:
        code = code.rpartition("-")[0]
    return code


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def both(zh, en):
    return "{zh: %s, en: %s}" % (quoted(zh), quoted(en))


def tidy(name):
    return re.sub(r"\s+", " ", name)


class Type:
    def __init__(self):
        self.rows = 0
        self.reasons, self.departments = Counter(), Counter()
        self.promised_hours = []

    def add(self, row):
        self.rows += 1
        self.reasons[row["REASON"]] += 1
        self.departments[row["Department"]] += 1
        if row["TARGET_DT"]:
            promised = datetime.datetime.strptime(row["TARGET_DT"], TIME) - datetime.datetime.strptime(row["OPEN_DT"], TIME)
            self.promised_hours.append(promised.total_seconds() / 3600)

    def limit(self):
        if len(self.promised_hours) < MIN_PROMISED_SHARE * self.rows:
            return None
        hours = statistics.median(self.promised_hours)
        if hours < MIN_HOURS:
            return None
        return f"{round(hours)} urgent_hours" if hours < HOURS_BELOW else f"{round(hours / 24)} natural_days"


def read(path):
    types = defaultdict(Type)
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            types[row["TYPE"]].add(row)
    return types


def item(name, kind, names, departments):
    zh, what, words = names[name]
    limit = kind.limit()
    department = kind.departments.most_common(1)[0][0]
    en = tidy(name)
    lines = [f'  "{code_of(name)}":']
    if kind.promised_hours:
        lines[0] += f"  # {kind.rows} requests, {len(kind.promised_hours)} promised, median {statistics.median(kind.promised_hours):.1f} h"
    else:
        lines[0] += f"  # {kind.rows} requests, none promised"
    lines += [
        f"    kind: {'event' if what == 'event' else 'service'}",
        f"    name: {both(zh, en)}",
        f"    group: {code_of(kind.reasons.most_common(1)[0][0])}",
        "    words: [%s]" % ", ".join(quoted(w) for w in dict.fromkeys([zh, en] + words.split("|"))),
    ]
    if what == "internal":
        lines.append("    public: false")
    lines += [
        "    source: Boston 311, 2015",
        "    conditions:",
        "      request:",
        "        when: %s" % both("收到这一类诉求", "a request of this type is received"),
        "        closed_when: %s" % both("责任部门已处理或答复", "the department has dealt with it or replied"),
        "        duty: {function: %s}" % departments[department][0],
        "        clocks: {%s}" % (f"handle: {limit}, whole: {limit}" if limit else ""),
        "        check: {before: never, after: never}",
    ]
    return lines


def pack_head(groups, departments):
    lines = [
        "# Made by tools/boston311/make_pack.py from one year of Boston's requests; change the tables beside it, not this.",
        "pack: boston311",
        f'version: "{VERSION}"',
        "name: %s" % both("波士顿 311（2015）", "Boston 311 (2015)"),
        "about: %s" % both("一座城市一年诉求的类型、分组、部门和承诺时限", "Types, groups, departments and promises of a city's year of requests"),
        "level: city",
        "needs: [base]",
        "include: [items-1.yaml, items-2.yaml]",
        "",
        "functions:",
    ]
    lines += [f"  {code}: {{name: {both(zh, en)}}}" for code, zh, en in departments.values()]
    lines += ["", "groups:"]
    lines += [f"  {code_of(name)}: {both(zh, tidy(name))}" for name, (zh,) in groups.items()]
    lines += [
        "",
        "calendars:",
        "  boston:",
        "    name: %s" % both("波士顿工作日历", "Work calendar of Boston"),
        "    source: federal holidays of the United States",
        "    zone: America/New_York",
        "    week:",
    ]
    lines += [f'      {day}: ["09:00-17:00"]' for day in ("monday", "tuesday", "wednesday", "thursday", "friday")]
    lines.append("    holidays: [2015-01-01, 2015-01-19, 2015-02-16, 2015-05-25, 2015-07-03, 2015-09-07, 2015-10-12, 2015-11-11, 2015-11-26, 2015-12-25]")
    return lines


def profile(types):
    lines = (HERE / "profile_head.yaml").read_text(encoding="utf-8").splitlines()
    lines += ["", "# Type as written in the file → item.", "items:"]
    lines += [f"  {quoted(name)}: {code_of(name)}" for name in sorted(types)]
    return lines


def installation(departments):
    lines = (HERE / "installation_head.yaml").read_text(encoding="utf-8").splitlines()
    lines += ["", "departments:"]
    lines += [f'  "{source}": {{name: {both(zh, en)}}}' for source, (_, zh, en) in departments.items()]
    lines += ["", "functions:"]
    lines += [f'  {code}: {{department: "{source}"}}' for source, (code, _, _) in departments.items()]
    return lines


def areas():
    """The neighborhoods that the file names, as areas without outlines: the file has none. The codes are ours, below the number
    of Boston among the places of Massachusetts (25, 07)."""
    def feature(code, zh, en):
        return {"type": "Feature", "properties": {"code": code, "name": {"zh": zh, "en": en}}, "geometry": None}

    features = [feature(CITY_CODE, "波士顿市", "City of Boston")]
    features += [feature(f"{CITY_CODE}{number:02}", zh, en) for number, (en, (zh,)) in enumerate(table("neighborhoods.tsv").items(), 1)]
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in features)
    return '{"type": "FeatureCollection", "features": [\n' + lines + "\n]}\n"


def main():
    types = read(sys.argv[1])
    out = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else HERE.parent.parent / "packs" / "boston311")
    names, groups, departments = table("types.tsv"), table("groups.tsv"), table("departments.tsv")
    codes = Counter(code_of(name) for name in types)
    assert all(count == 1 for count in codes.values()), [c for c, n in codes.items() if n > 1]
    (out / "profiles").mkdir(parents=True, exist_ok=True)

    def write(name, lines):
        (out / name).write_text("\n".join(lines) + "\n", encoding="utf-8")

    write("pack.yaml", pack_head(groups, departments))
    ordered = sorted(types)
    half = len(ordered) // 2
    for number, part in ((1, ordered[:half]), (2, ordered[half:])):
        lines = ["# Made by tools/boston311/make_pack.py", "items:"]
        for name in part:
            lines += item(name, types[name], names, departments)
        write(f"items-{number}.yaml", lines)
    write("profiles/boston311.yaml", profile(types))
    (out.parent / "installations").mkdir(exist_ok=True)
    (out.parent / "installations/boston.yaml").write_text("\n".join(installation(departments)) + "\n", encoding="utf-8")
    (out.parent / "installations/boston.geojson").write_text(areas(), encoding="utf-8")
    print(f"{len(types)} types, {sum(t.limit() is not None for t in types.values())} with a promise, {len(groups)} groups")


if __name__ == "__main__":
    main()
