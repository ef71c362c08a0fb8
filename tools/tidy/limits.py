"""The page of limits, made from the named constants of src/.

A constant is a limit when a word of its name says so (max, limit, timeout, pause, …) and it has a number. What it means is
its comment: after it on the line, or above it. Numbers of the demo city and of tests are not limits of the program."""
import ast
import re

PAGE = "docs/reference/limits.md"
WORDS = {"max", "min", "limit", "timeout", "pause", "wait", "keep"}
UNITS = {word: word for word in ("bytes", "s", "ms", "minutes", "hours", "days", "m", "chars", "rows", "pages", "levels",
                                 "nodes")} | {"kib": "KiB", "mib": "MiB"}
NOT_OURS = ("src/app/demo/",)
CONSTANT = re.compile(
    r"^[ \t]*(?:inline |static )*(?:constexpr|const) [\w:<>]+(?: const)? (?P<name>[a-z][a-z0-9_]*)\s*(?:=\s*(?P<value>[^;]+)|\{(?P<braced>[^;{}]+)\});"
    r"|^  (?:std::)?[\w:]+ (?P<member>[a-z][a-z0-9_]*)\s*(?:=\s*(?P<mvalue>[^;(]+)|\{(?P<mbraced>[^;{}]+)\});", re.M)

HEAD = """# Limits

Every queue, body, page, list, retry and wait of the program that has a number. This page is made from the source by
`./run tidy --write`; do not edit it. A limit is met with an error that names it, never with silence.
"""


def evaluate(expression):
    """The number that a C++ expression of integers means, or None."""
    text = re.sub(r"//.*|(?<=\d)'(?=\d)", "", expression)
    text = re.sub(r"(?<=\d)[uUlL]+\b", "", text).strip()
    text = re.sub(r"^(?:std::)?[\w:]+\{([^{}]+)\}$", r"\1", text)
    if not re.fullmatch(r"[\d\s.+*/<()-]+", text):
        return None
    try:
        return eval(compile(ast.parse(text, mode="eval"), "limit", "eval"), {"__builtins__": {}})  # digits and operators only
    except (SyntaxError, TypeError, ValueError, ZeroDivisionError):
        return None


def shown(name, kind, number):
    words = name.split("_")
    if "bytes" in words and number >= 1024:
        for size, unit in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
            if number % size == 0:
                return f"{number // size} {unit}"
    if words[-1] == "ms" and number % 1000 == 0:
        return f"{number // 1000:,} s"
    unit = next((UNITS[word] for word in reversed(words) if word in UNITS), "")
    if not unit:
        unit = next((u for u, word in (("ms", "milliseconds"), ("s", "seconds"), ("minutes", "minutes")) if word in kind), "")
    return f"{number:,} {unit}".strip()


def comment_of(file, line):
    own = re.search(r"//[/!]?<?\s*(.*)$", file.lines[line - 1])
    if own:
        return own.group(1).strip()
    above = []
    for text in reversed(file.lines[:line - 1]):
        match = re.match(r"\s*//[/!]?\s?(.*)$", text)
        if not match:
            break
        above.insert(0, match.group(1).strip())
    return " ".join(above)


def limits_of(file):
    """(name, value as shown, meaning) of each limit in a file."""
    for match in CONSTANT.finditer(file.code):
        name = match.group("name") or match.group("member")
        value = match.group("value") or match.group("braced") or match.group("mvalue") or match.group("mbraced")
        if match.group("member") and "imits" not in around(file.code, match.start()):
            continue
        number = evaluate(value)
        if number is None or not (match.group("member") or WORDS & set(name.split("_"))):
            continue
        line = file.line_of(match.start("name") if match.group("name") else match.start("member"))
        yield name, shown(name, match.group(0), number), comment_of(file, line).replace("|", "\\|")


def around(code, offset):
    """The name of the struct that a member stands in; empty for none."""
    opened, head = [], 0
    for place in range(offset):
        if code[place] == "{":
            struct = re.search(r"\bstruct (\w+)", code[head:place])
            opened.append(struct.group(1) if struct else "")
        elif code[place] == "}" and opened:
            opened.pop()
        if code[place] in "{};":
            head = place + 1
    return opened[-1] if opened else ""


def page(tree):
    parts = [HEAD]
    last = None
    for file in sorted(tree.cpp("src"), key=lambda f: (f.path.split("/")[1], f.path)):
        if file.path.startswith(NOT_OURS) or file.path.endswith("_test.cpp"):
            continue
        rows = list(limits_of(file))
        module = file.path.split("/")[1]
        if rows and module != last:
            parts.append(f"\n## {module}\n\n| name | value | meaning | where |\n|---|---:|---|---|\n")
            last = module
        where = f"[{file.path.split('/', 2)[2]}](../../{file.path})"
        parts += [f"| `{name}` | {value} | {meaning} | {where} |\n" for name, value, meaning in rows]
    return "".join(parts)
