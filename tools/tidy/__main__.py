"""The rules of the house, checked: `python3 tools/tidy [ROOT]`; `python3 tools/tidy --write` writes the pages that are made
from the source (docs/reference/limits.md).

Each finding is one line, `file:line: rule: what is wrong; how to mend it`. Exit code 0: nothing found, 1: findings.
The rules are in rules_*.py, what they are told about this project in house.py, their own tests in rules_test.py."""
import pathlib
import sys

from rules import findings, write_pages


def main(arguments):
    own_root = pathlib.Path(__file__).resolve().parents[2]
    if arguments == ["--write"]:
        write_pages(own_root)
        return 0
    root = pathlib.Path(arguments[0]) if arguments else own_root
    found = findings(root)
    for finding in found:
        print(finding)
    if found:
        print(f"{len(found)} findings", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
