"""Files of the tree, and C++ text with comments and strings set apart. No rule lives here."""
import functools
import os
import pathlib
import re
from typing import NamedTuple

SKIPPED_FOLDERS = {".git", "build", "node_modules", "dist", ".cache", "__pycache__", "corpus"}
CPP = (".cpp", ".hpp")


class Finding(NamedTuple):
    path: str
    line: int
    rule: str
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.rule}: {self.text}"


class File:
    """One text file. `code` is its text with comments and the insides of strings blanked: same length, same lines."""

    def __init__(self, root, path):
        self.path = path.relative_to(root).as_posix()
        self.suffix = path.suffix
        self.text = path.read_text(encoding="utf-8", errors="replace")
        self.lines = self.text.splitlines()

    @functools.cached_property
    def code(self):
        return blank(self.text, strings=True)

    @functools.cached_property
    def code_and_strings(self):
        return blank(self.text, strings=False)

    @property
    def is_cpp(self):
        return self.suffix in CPP

    def line_of(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def finding(self, line, rule, text):
        return Finding(self.path, line, rule, text)

    def includes(self):
        """(line, name, quoted?) of each #include."""
        blanked = self.code.splitlines()
        for number, line in enumerate(self.lines, 1):
            match = re.match(r'\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', line)
            if match and blanked[number - 1].lstrip().startswith("#"):
                yield number, match.group(1) or match.group(2), match.group(1) is not None


class Tree:
    """All text files of the project."""

    SUFFIXES = CPP + (".py", ".sh", ".md", ".ts", ".vue", ".mjs", ".json", ".yaml", ".yml", ".txt", ".cmake", ".sql",
                      ".css", ".html", ".service", ".scenario", "")

    def __init__(self, root):
        self.root = root
        self.files = {}
        for folder, subfolders, names in os.walk(root):
            subfolders[:] = sorted(set(subfolders) - SKIPPED_FOLDERS)
            for name in sorted(set(names) - SKIPPED_FOLDERS):
                path = pathlib.Path(folder, name)
                if path.suffix in self.SUFFIXES and not path.is_symlink() and not is_binary(path):
                    file = File(root, path)
                    self.files[file.path] = file

    def under(self, *folders):
        return [f for f in self.files.values() if f.path.split("/")[0] in folders]

    def cpp(self, *folders):
        return [f for f in (self.under(*folders) if folders else self.files.values()) if f.is_cpp]

    def pages(self):
        return [f for f in self.files.values() if f.suffix == ".md"]


def is_binary(path):
    with open(path, "rb") as file:
        return b"\0" in file.read(1024)


TOKEN = re.compile(
    r"""(?P<comment>//(?:[^\n\\]|\\.|\\\n)*|/\*.*?\*/)
      | (?P<raw>\bR"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)")
      | (?P<string>"(?:[^"\\\n]|\\.)*")
      | (?P<char>(?<![0-9A-Fa-f])'(?:[^'\\\n]|\\.)+')""",
    re.VERBOSE | re.DOTALL)


def blank(text, strings):
    """C++ text with its comments (and with `strings`, what stands between quotes) replaced by blanks."""
    def replace(match):
        whole = match.group(0)
        if match.group("comment"):
            return re.sub(r"[^\n]", " ", whole)
        if not strings:
            return whole
        if match.group("raw"):
            return re.sub(r"[^\n]", " ", whole)
        return whole[0] + " " * (len(whole) - 2) + whole[-1]
    return TOKEN.sub(replace, text)


def closing(code, start):
    """Offset of the bracket that closes the one at `start`, in blanked code; -1 when there is none."""
    pairs = {"(": ")", "{": "}", "[": "]"}
    open_brackets = []
    for offset in range(start, len(code)):
        letter = code[offset]
        if letter in pairs:
            open_brackets.append(pairs[letter])
        elif letter in ")}]":
            if not open_brackets or open_brackets.pop() != letter:
                return -1
            if not open_brackets:
                return offset
    return -1


def split_arguments(code, start, end):
    """(from, to) of each piece between the top-level commas of code[start:end]."""
    depth, begin, pieces = 0, start, []
    for offset in range(start, end):
        letter = code[offset]
        if letter in "({[":
            depth += 1
        elif letter in ")}]":
            depth -= 1
        elif letter == "," and depth == 0:
            pieces.append((begin, offset))
            begin = offset + 1
    pieces.append((begin, end))
    return [(a, b) for a, b in pieces if code[a:b].strip()]
