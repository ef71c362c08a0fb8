"""Where functions of C++ begin and end: a brace counter, not a compiler.

It works on text without comments, strings and preprocessor lines, and calls a block a function when it stands in a namespace
or a class and its head has a parameter list. What it cannot see: code that only exists after macros are expanded, a function
whose head is made by a macro without parentheses, and braces that #if and #else each open (both branches count). A lambda or
a local class counts as part of the function around it."""
import re
from typing import NamedTuple


class Function(NamedTuple):
    name: str
    first_line: int
    last_line: int


def functions(file):
    code = without_preprocessor(file.code)
    stack, found, parentheses = [], [], 0
    head_start = 0
    for offset, letter in enumerate(code):
        if letter in "([":
            parentheses += 1
        elif letter in ")]":
            parentheses = max(0, parentheses - 1)
        elif letter == ";":
            if not parentheses and (not stack or stack[-1][0] in ("namespace", "type")):
                head_start = offset + 1
        elif letter == "{":
            kind = kind_of(code[head_start:offset], stack[-1][0] if stack else "namespace", parentheses)
            stack.append((kind, head_start, parentheses))
            parentheses = 0
            if kind in ("namespace", "type"):
                head_start = offset + 1
        elif letter == "}" and stack:
            kind, start, parentheses = stack.pop()
            if kind == "function":
                found.append(function_at(file, code, start, offset))
            if kind != "initialiser":
                head_start = offset + 1
            else:
                head_start = start
    return found


def without_preprocessor(code):
    return re.sub(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", lambda m: re.sub(r"[^\n]", " ", m.group(0)), code, flags=re.M | re.S)


def kind_of(head, around, parentheses):
    """namespace, type, function, initialiser (braces inside a head that goes on) or block (anything else)."""
    if around not in ("namespace", "type"):
        return "block"
    if parentheses:
        return "initialiser"
    head = without_template(head.strip())
    head = re.sub(r"^(?:public|private|protected)\s*:(?!:)\s*", "", head).strip()
    if re.match(r"(?:inline\s+)?namespace\b|extern\s*\"", head):
        return "namespace"
    if "(" not in head:
        return "type" if re.search(r"\b(?:class|struct|union|enum)\b", head) else "initialiser"
    if re.match(r"(?:class|struct|union|enum)\b", head) or re.match(r"concept\b", head):
        return "type"
    if re.search(r"=\s*$", head):
        return "initialiser"
    if re.search(r"\)\s*(?:noexcept\s*(?:\([^()]*\))?\s*)?:(?!:)", head) and re.search(r"[\w>]\s*$", head):
        return "initialiser"
    return "function"


def without_template(head):
    while head.startswith("template"):
        depth = 0
        for offset, letter in enumerate(head):
            depth += (letter == "<") - (letter == ">")
            if letter == ">" and depth == 0:
                head = head[offset + 1:].strip()
                break
        else:
            return head
    return head


def function_at(file, code, start, end):
    while code[start].isspace():
        start += 1
    head = code[start:code.index("(", start)]
    name = (re.findall(r"[\w~:]+", head) or ["?"])[-1]
    return Function(name, file.line_of(start), file.line_of(end))
