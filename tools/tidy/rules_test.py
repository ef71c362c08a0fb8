"""Each rule of tidy against a small bad tree: it must be found there; and a good tree, where nothing may be found."""
import hashlib
import pathlib
import tempfile
import unittest

from functions import functions
from limits import limits_of
from rules import findings
from source import File

H = "#pragma once\n"
README = "# zhili\n"
STEP = "CREATE TABLE a (id BIGINT PRIMARY KEY);\n"
STEP_LINE = hashlib.sha256(STEP.encode()).hexdigest() + "  migrations/0001_a.sql\n"
LONG = "int f() {\n" + "  ++n;\n" * 70 + "}\n"

# name of the case: (files, expected (path, line, rule))
BAD = {
    "upward include": ({"src/core/a.cpp": '#include "store/db.hpp"\n', "src/store/db.hpp": H}, ("src/core/a.cpp", 1, "layer")),
    "powers meet": ({"src/sense/a.cpp": '\n#include "respond/b.hpp"\n', "src/respond/b.hpp": H}, ("src/sense/a.cpp", 2, "layer")),
    "unknown folder": ({"src/utils/a.cpp": "int a;\n"}, ("src/utils/a.cpp", 1, "layer")),
    "include that is not there": ({"src/core/a.cpp": '#include "a.hpp"\n', "src/core/a.hpp": H}, ("src/core/a.cpp", 1, "include")),
    "own header in angles": ({"src/core/a.cpp": "#include <core/b.hpp>\n", "src/core/b.hpp": H}, ("src/core/a.cpp", 1, "include")),
    "cycle": ({"src/core/a.hpp": H + '#include "core/b.hpp"\n', "src/core/b.hpp": H + '#include "core/a.hpp"\n'},
              ("src/core/a.hpp", 2, "cycle")),
    "co_await elsewhere": ({"src/store/a.cpp": "// co_await is fine in a comment\nT f() { co_await g(); }\n"},
                           ("src/store/a.cpp", 2, "coroutine")),
    "heavy in a header": ({"src/web/a.hpp": H + "#include <boost/beast/http.hpp>\n"}, ("src/web/a.hpp", 2, "heavy")),
    "heavy away from home": ({"src/respond/a.cpp": "#include <soci/soci.h>\n"}, ("src/respond/a.cpp", 1, "heavy")),
    "private header elsewhere": ({"src/store/soci_session.hpp": H, "src/web/a.cpp": '#include "store/soci_session.hpp"\n'},
                                 ("src/web/a.cpp", 1, "heavy")),
    "long file": ({"src/core/a.cpp": "int n;\n" * 401}, ("src/core/a.cpp", 1, "size")),
    "long function": ({"src/core/a.cpp": "int n;\n" + LONG}, ("src/core/a.cpp", 2, "size")),
    "long Python function": ({"tools/a.py": "def f():\n" + "    a = 1\n" * 70}, ("tools/a.py", 1, "size")),
    "no pragma once": ({"src/core/a.hpp": "int f();\n"}, ("src/core/a.hpp", 1, "header")),
    "TODO": ({"src/core/a.cpp": "// TODO later\n"}, ("src/core/a.cpp", 1, "banned")),
    "FIXME in a page": ({"README.md": README + "FIXME\n"}, ("README.md", 2, "banned")),
    "XXX": ({"packs/p/a.yaml": "a: 1 # XXX\n"}, ("packs/p/a.yaml", 1, "banned")),
    "regex": ({"src/core/a.cpp": "std::regex r;\n"}, ("src/core/a.cpp", 1, "banned")),
    "sleep": ({"tests/a.cpp": "std::this_thread::sleep_for(1s);\n"}, ("tests/a.cpp", 1, "banned")),
    "using namespace std": ({"src/core/a.cpp": "using namespace std;\n"}, ("src/core/a.cpp", 1, "banned")),
    "reads a clock": ({"src/core/a.cpp": "auto t = std::chrono::system_clock::now();\n"}, ("src/core/a.cpp", 1, "banned")),
    "a machine's path": ({"tools/a.sh": "cat /work/file\n"}, ("tools/a.sh", 1, "outside")),
    "shared in a page": ({"README.md": README + "see ../shared/data\n"}, ("README.md", 2, "outside")),
    "a page of elsewhere": ({"src/core/a.cpp": "// as DESIGN, section 3\n"}, ("src/core/a.cpp", 1, "outside")),
    "error in one language": ({"src/core/a.cpp": 'return fail(Errc::invalid, "a.b", {"only English"});\n'},
                              ("src/core/a.cpp", 1, "languages")),
    "languages swapped": ({"src/core/a.cpp": 'Text t{"English", "中文"};\n'}, ("src/core/a.cpp", 1, "languages")),
    "empty English": ({"src/core/a.cpp": 'auto t = Text{"中文", ""};\n'}, ("src/core/a.cpp", 1, "languages")),
    "pack without English": ({"packs/p/a.yaml": "name: {zh: 积水}\n"}, ("packs/p/a.yaml", 1, "languages")),
    "screen text without English": ({"ui/src/zh-CN.json": '{"a": {"b": "是", "c": "否"}}', "ui/src/en.json": '{"a": {"b": "yes"}}'},
                                    ("ui/src/en.json", 1, "languages")),
    "package without reason": ({"tools/packages.txt": "# all\ncmake\n"}, ("tools/packages.txt", 2, "packages")),
    "step that was edited": ({"src/store/migrations/0001_a.sql": STEP + "-- a word more\n", "src/store/published_steps.txt": STEP_LINE},
                             ("src/store/migrations/0001_a.sql", 1, "steps")),
    "step not listed": ({"src/store/migrations/0001_a.sql": STEP, "src/store/migrations/0002_b.sql": STEP, "src/store/published_steps.txt": STEP_LINE},
                        ("src/store/migrations/0002_b.sql", 1, "steps")),
    "step that is gone": ({"src/store/published_steps.txt": STEP_LINE}, ("src/store/published_steps.txt", 1, "steps")),
    "two titles": ({"README.md": "# a\n\n# b\n"}, ("README.md", 3, "title")),
    "no title": ({"README.md": "text\n"}, ("README.md", 1, "title")),
    "broken link": ({"README.md": README + "[a](docs/a.md)\n"}, ("README.md", 2, "link")),
    "broken picture": ({"README.md": README + "![a](a.png)\n"}, ("README.md", 2, "link")),
    "broken anchor": ({"README.md": README + "[a](#b)\n"}, ("README.md", 2, "link")),
    "orphan": ({"README.md": README, "docs/a.md": "# a\n"}, ("docs/a.md", 1, "orphan")),
    "decision not listed": ({"docs/decisions/README.md": "# a\n", "docs/decisions/0001-b.md": "# b\n"},
                            ("docs/decisions/0001-b.md", 1, "decision")),
    "old page of limits": ({"README.md": README + "[r](docs/reference/README.md)\n", "docs/reference/limits.md": "# Limits\n",
                           "docs/reference/README.md": "# R\n[l](limits.md)\n", "src/core/a.cpp": "constexpr int max_rows = 10;\n"},
                          ("docs/reference/limits.md", 1, "generated")),
    "page named in code": ({"src/core/a.cpp": "// see docs/nowhere.md\n"}, ("src/core/a.cpp", 1, "link")),
}

GOOD = {
    "README.md": "# zhili\n\n[start](docs/start/README.md#第一-小时), `# not a title`, `[not](a-link.md)`\n\n```sh\n# nor this\n```\n"
                 "\n[decisions](docs/decisions/README.md)\n",
    "docs/start/README.md": "# Start\n\n## 第一 小时\n\n[back](../../README.md) [out](https://example.org/a)\n",
    "docs/decisions/README.md": "# Decisions\n\n[1](0001-a.md) [s](../start/README.md)\n",
    "docs/decisions/0001-a.md": "# A\n",
    "tools/packages.txt": "# all\ncmake  # build\n",
    "src/store/migrations/0001_a.sql": STEP, "src/store/published_steps.txt": STEP_LINE,
    "packs/p/a.yaml": "name: {zh: 积水, en: Ponding}   # words\nclocks: {handle: 4 work_hours}\n",
    "ui/src/zh-CN.json": '{"a": "是"}', "ui/src/en.json": '{"a": "yes"}',
    "src/core/a.hpp": H + "#include <string>\n#include <boost/json/fwd.hpp>\n// co_await, std::regex: only words here\n",
    "src/web/transport/a.cpp": '#include <boost/beast/http.hpp>\n\n#include "core/a.hpp"\nT f() { co_await g(); }\n',
    "src/core/a.cpp": 'auto s = "sleep_for(1) TODO(#3) // not a comment";\nauto x = 1\'000\'000;  // TODO(#3) grow\n'
                      'auto e = fail(Errc::invalid, "k", {fmt::format("{}，不对", a), fmt::format("{} is wrong", a)});\n',
}


def found_in(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return findings(pathlib.Path(folder))


def functions_of(code):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "a.cpp")
        path.write_text(code)
        return [(f.name, f.first_line, f.last_line) for f in functions(File(pathlib.Path(folder), path))]


class Rules(unittest.TestCase):
    def test_each_rule_finds_its_bad_tree_and_nothing_else(self):
        for name, (files, expected) in BAD.items():
            with self.subTest(name):
                found = found_in(files)
                self.assertEqual({(f.path, f.line, f.rule) for f in found}, {expected}, "\n".join(map(str, found)))

    def test_nothing_is_found_in_a_good_tree(self):
        self.assertEqual(found_in(GOOD), [])


class Functions(unittest.TestCase):
    def test_sees_members_constructors_templates_and_tests(self):
        code = ("namespace a {\nstruct S : B<int> {\n  S(int x)\n      : x_{x}, y_(x) {\n    g();\n  }\n"
                "  int operator()(int a = {}) const {\n    return a;\n  }\n  std::vector<int> v{1, 2};\n};\n"
                "template <class T>\nauto f(T t) -> R<T> {\n  return {t};\n}\nTEST(A, B) {\n}\n}\n")
        self.assertEqual(functions_of(code), [("S", 3, 6), ("operator", 7, 9), ("f", 12, 15), ("TEST", 16, 17)])

    def test_tables_macros_and_strings_are_not_functions(self):
        code = ('#define M(a) { a\nRow const rows[] = {\n  {f(1), "}"},\n  {f(2), R"({{)"},\n};\nenum class E { a };\n'
                "void g() {\n  auto l = [](int) { return '}'; };\n}\n")
        self.assertEqual(functions_of(code), [("g", 7, 9)])


class Limits(unittest.TestCase):
    def test_reads_constants_with_their_unit_and_comment(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "a.hpp")
            path.write_text("/// Refused above.\ninline constexpr std::size_t photo_bytes_max = 8 << 20;\n"
                            "constexpr std::chrono::milliseconds longest_pause{2'000};  ///< then again\n"
                            "constexpr int gzip_level = 5;\nconstexpr int max_of = f(3);\n"
                            "struct Limits {\n  std::chrono::milliseconds idle_ms{60\'000};\n  std::size_t connections = 10'000;  ///< more are closed\n};\n"
                            "struct Other {\n  int rows = 3;\n};\n")
            self.assertEqual(list(limits_of(File(pathlib.Path(folder), path))),
                             [("photo_bytes_max", "8 MiB", "Refused above."), ("longest_pause", "2,000 ms", "then again"),
                              ("idle_ms", "60 s", ""), ("connections", "10,000", "more are closed")])


if __name__ == "__main__":
    unittest.main()
