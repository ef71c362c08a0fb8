"""Rules about C++ (and the length of every source file): layers, cycles, coroutines, heavy headers, sizes."""
import ast

import house
from functions import functions


def layer_of(path):
    parts = path.split("/")
    return parts[1] if parts[0] == "src" and len(parts) > 2 else None


def layers(tree):
    """A folder of src/ includes only what stands below it."""
    for file in tree.cpp("src"):
        own = layer_of(file.path)
        if own not in house.LAYERS:
            yield file.finding(1, "layer", f"src/{own} is not a layer; use one of {', '.join(house.LAYERS)}")
            continue
        for line, name, quoted in file.includes():
            other = name.split("/")[0]
            if not quoted:
                if other in house.LAYERS and f"src/{name}" in tree.files:
                    yield file.finding(line, "include", f'our own headers are quoted: "{name}"')
            elif file.path.endswith(("_test.cpp", "_test_kit.hpp")) and f"tests/{name}" in tree.files:
                continue
            elif f"src/{name}" not in tree.files:
                yield file.finding(line, "include", f'"{name}" is not under src/; write the path from src/')
            elif other != own and other not in house.LAYERS[own]:
                yield file.finding(line, "layer", f"{own} must not know {other}; it may include "
                                   f"{', '.join(sorted(house.LAYERS[own])) or 'nothing'}; "
                                   "let the user own a small interface, or meet in the ledger")


def cycles(tree):
    """No file includes itself by way of others."""
    graph = {f.path: [(line, f"src/{name}") for line, name, quoted in f.includes()
                      if quoted and f"src/{name}" in tree.files] for f in tree.cpp("src")}
    done, path = set(), []

    def visit(node):
        if node in path:
            ring = path[path.index(node):] + [node]
            line = next(number for number, name in graph[ring[0]] if name == ring[1])
            yield tree.files[ring[0]].finding(line, "cycle", " includes ".join(ring) + "; move what both need below them")
        elif node not in done:
            path.append(node)
            for _, name in graph[node]:
                yield from visit(name)
            path.pop()
            done.add(node)

    for node in sorted(graph):
        yield from visit(node)


def coroutines(tree):
    """co_await only where the compiler's defects are known and tested for."""
    for file in tree.cpp("src"):
        if file.path.startswith(house.COROUTINE_FOLDERS):
            continue
        for number, line in enumerate(file.code.splitlines(), 1):
            if any(word in line for word in ("co_await", "co_return", "co_yield")):
                yield file.finding(number, "coroutine", f"only under {' and '.join(house.COROUTINE_FOLDERS)}; "
                                   "write a plain function")


def heavy_headers(tree):
    """Heavy third-party headers only in .cpp files, and only in their own folder. Headers of tests (test_*.hpp) are free."""
    for file in tree.cpp("src"):
        if file.path.rsplit("/", 1)[1].startswith("test_"):
            continue
        for line, name, quoted in file.includes():
            match = next((h for h in house.HEAVY if name.startswith(h[0])), None) if not quoted else None
            if match is None or match[1] is None:
                continue
            _, home, why = match
            if file.suffix == ".hpp" and file.path not in house.PRIVATE_HEADERS:
                yield file.finding(line, "heavy", f"<{name}> only in .cpp files ({why}); hide it behind a class")
            elif not file.path.startswith(home):
                yield file.finding(line, "heavy", f"<{name}> only under {home if isinstance(home, str) else home[0]} ({why})")


def private_headers(tree):
    """A header that names heavy ones is included only by .cpp files of its own folder."""
    for file in tree.cpp("src"):
        for line, name, _ in file.includes():
            header = f"src/{name}"
            if header in house.PRIVATE_HEADERS and (file.suffix == ".hpp" or folder(file.path) != folder(header)):
                yield file.finding(line, "heavy", f"{name} is private: only .cpp files of {folder(header)}/ include it")


def folder(path):
    return path.rsplit("/", 1)[0]


def sizes(tree):
    """Files and functions that a reader can hold in the head."""
    for file in tree.under("src", "tests", "bench", "fuzz", "tools", "ui"):
        if file.suffix not in house.SIZED_SUFFIXES:
            continue
        if len(file.lines) > house.FILE_LINES_MAX and file.path not in house.LONG_FILES:
            yield file.finding(1, "size", f"{len(file.lines)} lines, more than {house.FILE_LINES_MAX}; split it by subject")
        for name, first, last in spans(file):
            length = last - first + 1
            if length > house.FUNCTION_LINES_MAX and f"{file.path}:{name}" not in house.LONG_FUNCTIONS:
                yield file.finding(first, "size", f"{name} has {length} lines, more than {house.FUNCTION_LINES_MAX}; "
                                   "take a named step out of it")


def spans(file):
    """(name, first line, last line) of each function of a C++ or Python file."""
    if file.is_cpp:
        return functions(file)
    if file.suffix == ".py":
        return [(node.name, node.lineno, node.end_lineno) for node in ast.walk(ast.parse(file.text))
                if isinstance(node, ast.FunctionDef)]
    return []


def pragma_once(tree):
    for file in tree.cpp("src"):
        if file.suffix == ".hpp" and "#pragma once" not in file.code:
            yield file.finding(1, "header", "has no #pragma once")


RULES = (layers, cycles, coroutines, heavy_headers, private_headers, sizes, pragma_once)
