#!/usr/bin/env python3
"""Counts what ran: count.py DIR prints "passed failed skipped".

DIR has ctest.xml (JUnit, by ctest) and, for each GoogleTest program, NAME.xml with its cases. A program that ctest calls
failed although its own file names no failure (a crash, a time-out, a leak) is one failure more."""
import pathlib
import sys
import xml.etree.ElementTree as xml


def cases(path):
    root = xml.parse(path).getroot()
    total, failed = int(root.get("tests", 0)), int(root.get("failures", 0)) + int(root.get("errors", 0))
    left_out = int(root.get("disabled", 0)) + sum(1 for case in root.iter("testcase") if case.find("skipped") is not None)
    return total - failed - left_out, failed, left_out


def main(folder):
    passed = failed = skipped = 0
    for test in xml.parse(folder / "ctest.xml").getroot().iter("testcase"):
        own = folder / f"{test.get('name')}.xml"
        status = test.get("status")
        if own.is_file():
            p, f, s = cases(own)
            passed, failed, skipped = passed + p, failed + f, skipped + s
            if status == "fail" and f == 0:
                failed += 1
        elif status == "run":
            passed += 1
        elif status == "fail":
            failed += 1
        else:
            skipped += 1
    print(passed, failed, skipped)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
