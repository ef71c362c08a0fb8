"""What the rules know about this project. A change here is a decision: say why in the same line."""

# A folder of src/ may include itself and what stands here. The four powers never meet in code: they meet in the ledger.
_LOW = {"core", "sheet", "store", "bus", "catalogue"}
LAYERS = {
    "core": set(),
    "sheet": {"core"},
    "store": {"core"},
    "bus": {"core", "store"},
    "catalogue": {"core", "store", "bus"},
    "sense": _LOW,
    "respond": _LOW,
    "organise": _LOW,
    "assure": _LOW,
    "web": _LOW | {"sense", "respond", "organise", "assure"},
    "app": _LOW | {"sense", "respond", "organise", "assure", "web"},
}

# Coroutines: GCC 12 miscompiles some co_await expressions, so they stay where few people write and tests are many.
COROUTINE_FOLDERS = ("src/web/transport/", "src/bus/")

# Third-party headers that cost seconds, or whose types must not spread: (prefix, where it may be, why). Only in .cpp files.
HEAVY = (
    ("soci/", "src/store/", "one place knows SQL dialects and SOCI's traps"),
    ("soci.h", "src/store/", "one place knows SQL dialects and SOCI's traps"),
    ("sqlite3.h", "src/store/", "one place knows SQL dialects"),
    ("libpq-fe.h", "src/store/", "one place knows SQL dialects"),
    ("boost/beast", "src/web/", "3.3 s an include; only the transport speaks HTTP"),
    ("boost/asio", "src/", "2.5 s an include"),
    ("boost/json/fwd.hpp", None, ""),
    ("boost/json", "src/", "1.3 s an include; in a header boost/json/fwd.hpp is enough"),
    ("boost/geometry", "src/", "seconds an include; hide it behind an implementation class"),
    ("yaml-cpp/", "src/", "0.9 s an include"),
    ("valijson/", "src/catalogue/", "a header-only library of templates"),
    ("xapian", "src/catalogue/", "its types throw; one place knows that"),
    ("spdlog/", "src/", "0.9 s an include"),
    ("CLI/", "src/app/", "5 s an include; only the program has a command line"),
    ("openssl/", "src/", "C names and macros"),
    ("xlsxwriter", "src/sheet/", "C names and macros"),
    ("sodium", "src/", "C names and macros"),
    ("curl/", "src/web/client/", "C names and macros; one place knows what may be called"),
    ("date/tz.h", "src/core/", "zones are core::Zone"),
    ("nats/", "src/bus/jetstream/", "C names and macros; one place knows libnats"),
    ("protozero/", "src/", "only encoders write tiles"),
    ("pango/", "src/assure/reports/", "C names and macros; one place draws pages"),
    ("cairo", "src/assure/reports/", "C names and macros; one place draws pages"),
    ("lzma.h", "src/", "C names and macros"),
    ("zlib.h", "src/", "C names and macros"),
)
# Files outside src/ (tests, bench, fuzz) may include what they need.

# Headers that may name heavy ones after all, because only .cpp files of their own folder include them (that is checked).
PRIVATE_HEADERS = {
    "src/store/soci_session.hpp": "what both engines share of SOCI",
    "src/web/transport/connection.hpp": "coroutines over Asio's sockets",
    "src/web/mqtt/line.hpp": "a template over Asio's sockets",
}

# SHA-256 of every step of the schemas, as `sha256sum` writes it; paths are below the folder.
STEPS_FOLDER = "src/store/"
STEPS_LIST = "src/store/published_steps.txt"

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70
SIZED_SUFFIXES = (".cpp", ".hpp", ".py", ".sh", ".ts", ".vue", ".mjs")
# path: why it may be longer
LONG_FILES = {}
# "path:function": why it may be longer
LONG_FUNCTIONS = {
    "src/web/transport/refusal_test.cpp:refused_requests": "a table, one line for each bad request",
}

# (pattern, folders where it is looked for, what is wrong; how to mend it)
EVERYWHERE = None
CODE = ("src", "tests", "fuzz", "bench")
BANNED = (
    (r"\bTODO\b(?!\s*\(#\d+\))", EVERYWHERE, "a TODO without an issue; write TODO(#12) or do it"),
    (r"\bFIXME\b", EVERYWHERE, "mend it, or write TODO(#12)"),
    (r"\bXXX\b", EVERYWHERE, "say what is meant, or write TODO(#12)"),
    (r"\bstd::w?regex\b|#\s*include\s*<regex>", CODE, "std::regex is slow and overflows the stack; write a small parser"),
    (r"\bsleep_(?:for|until)\b|\b(?:u|nano)?sleep\s*\(", ("src", "tests"),
     "nothing waits by sleeping: use a condition, a timer, or the injected time source"),
    (r"\busing\s+namespace\s+std\s*;", CODE, "name what you use"),
    (r"\b(?:system_clock|high_resolution_clock)::now\b", ("src",),
     "time comes from core::TimeSource (allowed only in src/core/time.cpp)"),
)
BANNED_ALLOWED = {
    "src/core/time.cpp": ("system_clock",),
    "tests/system/harness.py": ("sleep",),  # waits for a process of the operating system to begin
}

# Words of one machine or one workplace: a reader of the repository cannot follow them.
OUTSIDE = (
    (r"(?<![\w.$}])/work/", "a path of one machine"),
    (r"(?<![\w.])/home/(?!zhili\b)\w+/", "a path of one machine"),
    (r"(?<![\w.$/])/root/", "a path of one machine"),
    (r"\bDESIGN(?:\.md)?\b(?=[ ,.;:)]|$)", "no such page here; name docs/develop/architecture.md"),
    (r"\b(?:stack|domain|lifecycle|ui)\.md\s+(?:section|§|part)?\s*[A-H]?\d", "a section of a page that is not here"),
)
SHARED = (r"\.\./shared", ("tests", "bench"), "only tests (also *_test.cpp) and benchmarks read from ../shared/data")

# Where a word would be a finding only because it explains the rule.
OWN_FILES = ("tools/tidy/",)
