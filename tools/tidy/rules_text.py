"""Rules about words: what is not written anywhere, and that every text is there in both languages."""
import hashlib
import json
import re

import house
from source import closing, split_arguments

HAN = re.compile(r"[\u3400-\u9fff]")
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')


def banned(tree):
    for pattern, folders, advice in house.BANNED:
        for file in tree.files.values() if folders is None else tree.under(*folders):
            if file.path.startswith(house.OWN_FILES):
                continue
            text = file.code if file.is_cpp and folders is not None else file.text
            for match in re.finditer(pattern, text):
                if not match.group(0).startswith(house.BANNED_ALLOWED.get(file.path, "\0")):
                    yield file.finding(file.line_of(match.start()), "banned", f"{match.group(0).strip()}: {advice}")


def outside(tree):
    """Nothing that only the people at one machine can follow."""
    for file in tree.files.values():
        if file.path.startswith(house.OWN_FILES):
            continue
        for pattern, what in house.OUTSIDE:
            for match in re.finditer(pattern, file.text, re.M):
                yield file.finding(file.line_of(match.start()), "outside", f"“{match.group(0).strip()}”: {what}")
        pattern, folders, advice = house.SHARED
        if file.path.split("/")[0] not in folders and not file.path.endswith("_test.cpp"):
            for match in re.finditer(pattern, file.text):
                yield file.finding(file.line_of(match.start()), "outside", advice)


def bilingual_code(tree):
    """A text for people is {"中文", "English"}: two parts, Chinese first. Looked for in fail(…) and Text{…}."""
    for file in tree.cpp("src"):
        if file.path.endswith("_test.cpp"):
            continue
        for start in text_braces(file.code):
            end = closing(file.code, start)
            if end < 0:
                continue
            parts = split_arguments(file.code, start + 1, end)
            if parts:
                yield from judge_text(file, start, [literals(file.code_and_strings[a:b]) for a, b in parts])


def text_braces(code):
    """Offsets of `{` of a Text: the third argument of fail(…) when it is a braced list, and Text{."""
    for match in re.finditer(r"\bfail\s*\(", code):
        end = closing(code, match.end() - 1)
        arguments = split_arguments(code, match.end(), end) if end > 0 else []
        if len(arguments) >= 3:
            begin, stop = arguments[2]
            offset = begin + len(code[begin:stop]) - len(code[begin:stop].lstrip())
            if code[offset] == "{":
                yield offset
    for match in re.finditer(r"\bText(?:\s+const)?(?:\s+\w+)?\s*\{", code):
        before = code[:match.start()].rstrip()
        if not re.search(r"\b(?:struct|class)$", before):
            yield match.end() - 1


def literals(code):
    found = LITERAL.findall(code)
    return "".join(found) if found else None


def judge_text(file, offset, parts):
    line = file.line_of(offset)
    if len(parts) != 2:
        yield file.finding(line, "languages", f"a text has {len(parts)} parts; write {{\"中文\", \"English\"}}")
        return
    zh, en = parts
    if zh is not None and not HAN.search(zh) and re.search(r"[A-Za-z]{3}", zh):
        yield file.finding(line, "languages", "the first text has no Chinese; write {\"中文\", \"English\"}")
    if en is not None and (HAN.search(en) or en == ""):
        yield file.finding(line, "languages", "the second text is empty or Chinese; write {\"中文\", \"English\"}")


def bilingual_data(tree):
    """{zh: …, en: …} in packs: never one without the other."""
    for file in tree.under("packs"):
        if file.suffix not in (".yaml", ".yml"):
            continue
        for number, line in enumerate(file.lines, 1):
            for inner in re.findall(r"\{([^{}]*)\}", line.split(" #")[0]):
                keys = set(re.findall(r"(?:^|,)\s*(zh|en)\s*:", inner))
                if len(keys) == 1:
                    missing = "en" if "zh" in keys else "zh"
                    yield file.finding(number, "languages", f"{{{inner.strip()}}} has no {missing}")


def bilingual_ui(tree):
    """The language files of the web application (NAME.zh*.json beside NAME.en*.json, or zh*.json beside en*.json) agree."""
    for file in tree.under("ui"):
        match = re.fullmatch(r"(.*/(?:[\w-]+\.)?)zh(?:-\w+)?\.json", file.path)
        if not match:
            continue
        other = next((f for f in tree.under("ui") if re.fullmatch(re.escape(match.group(1)) + r"en(?:-\w+)?\.json", f.path)), None)
        if other is None:
            yield file.finding(1, "languages", "there is no English file beside it")
            continue
        ours, theirs = keys_of(json.loads(file.text)), keys_of(json.loads(other.text))
        for here, there, f in ((ours, theirs, other), (theirs, ours, file)):
            for key in sorted(here - there):
                yield f.finding(1, "languages", f"has no {key}")


def keys_of(value, prefix=""):
    if not isinstance(value, dict):
        return {prefix}
    return {key for name, inner in value.items() for key in keys_of(inner, f"{prefix}.{name}" if prefix else name)}


def packages_have_reasons(tree):
    file = tree.files.get("tools/packages.txt")
    for number, line in enumerate(file.lines if file else [], 1):
        if line.strip() and not re.match(r"\s*#|[\w.+-]+\s+#\s*\S", line):
            yield file.finding(number, "packages", "one package a line, with “# what it is for”")


def steps_stay(tree):
    """A database refuses a program in which a step that it has taken reads otherwise."""
    listed = tree.files.get(house.STEPS_LIST)
    sums = {}
    for number, line in enumerate(listed.lines if listed else [], 1):
        digest, _, path = line.partition("  ")
        sums[house.STEPS_FOLDER + path] = digest
        if house.STEPS_FOLDER + path not in tree.files:
            yield listed.finding(number, "steps", f"{path} is gone; a step that was published stays")
    for file in tree.files.values():
        if not re.fullmatch(re.escape(house.STEPS_FOLDER) + r"\w*migrations/\w+\.sql", file.path):
            continue
        now = hashlib.sha256(file.text.encode()).hexdigest()
        if file.path not in sums:
            yield file.finding(1, "steps", f"not in {house.STEPS_LIST}; add: {now}  {file.path.removeprefix(house.STEPS_FOLDER)}")
        elif sums[file.path] != now:
            yield file.finding(1, "steps", f"is not what {house.STEPS_LIST} says; a step that was published stays as it is: take it back and write another one")


RULES = (banned, outside, bilingual_code, bilingual_data, bilingual_ui, packages_have_reasons, steps_stay)
