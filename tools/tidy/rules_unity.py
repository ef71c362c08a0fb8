"""Names without linkage are unique in a module: several of its .cpp files are compiled as one (CMAKE_UNITY_BUILD).

Tests are compiled file by file, so they are free. Looks at what stands directly in an anonymous namespace: types, constants, and functions with the same parameter types."""
import re

from functions import without_preprocessor
from source import closing

TYPE = re.compile(r"\b(?:struct|class|enum(?: class)?)\s+(\w+)")
CONSTANT = re.compile(r"\bconst(?:expr)?\b[^;(){}=]*?\b(\w+)\s*(?:\[[^\]]*\]\s*)?(?:=|\{|;)")
FUNCTION = re.compile(r"(\w+)\s*\(([^(){}]*)\)\s*(?:const\s*)?(?:noexcept\s*)?(?:->[^{};]*)?\{")
KEYWORDS = {"if", "for", "while", "switch", "catch", "return"}


def own_names(file):
    """(name, line) of each thing directly in an anonymous namespace of a file."""
    code = without_preprocessor(file.code)
    for match in re.finditer(r"\bnamespace\s*\{", code):
        end = closing(code, match.end() - 1)
        if end > 0:
            yield from names_in(file, surface(code, match.end(), end), match.end())


def surface(code, start, end):
    """code[start:end] with the insides of its blocks blanked."""
    out, depth = [], 0
    for letter in code[start:end]:
        depth -= letter == "}"
        out.append(letter if depth == 0 or letter == "\n" else " ")
        depth += letter == "{"
    return "".join(out)


def names_in(file, text, offset):
    taken = set()
    for match in FUNCTION.finditer(text):
        if match.group(1) not in KEYWORDS:
            taken.add(match.start(1))
            yield f"{match.group(1)}({parameter_types(match.group(2))})", file.line_of(offset + match.start())
    for pattern in (TYPE, CONSTANT):
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - 200):match.start()]
            if match.start(1) not in taken and not re.search(r"<[^<>;{}]*$", before):
                yield match.group(1), file.line_of(offset + match.start(1))


def parameter_types(text):
    return ", ".join(re.sub(r"(?<=[\w>&*\]\s])\b\w+\s*$", "", re.sub(r"\s*=.*", "", part.strip())).strip()
                     for part in re.split(r",(?![^<>]*>)", text) if part.strip())


def unique_names(tree):
    seen = {}
    for file in tree.cpp("src"):
        if file.suffix != ".cpp" or file.path.endswith("_test.cpp"):
            continue
        module = file.path.split("/")[1]
        for name, line in own_names(file):
            first = seen.setdefault((module, name), file.path)
            if first != file.path:
                yield file.finding(line, "unity", f"{name} also stands in {first}; share it or name it for its file")


RULES = (unique_names,)
