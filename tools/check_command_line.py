#!/usr/bin/env python3
"""Is docs/reference/command-line.md what the program says? check_command_line.py PROGRAM PAGE

Every verb of the program has a heading “## zhili VERB”, and the options on the page are those of `zhili VERB --help`."""
import re
import subprocess
import sys


def help_of(program, verb):
    return subprocess.run([program, *verb.split(), "--help"], capture_output=True, text=True, check=True).stdout


def verbs_below(program, verb=""):
    """Each verb without verbs below it."""
    text = help_of(program, verb)
    below = re.search(r"^Subcommands:\n((?:[ ]{2,}.*\n?)+)", text, re.M)
    names = re.findall(r"^  (\w[\w-]*)", below.group(1), re.M) if below else []
    if not names:
        return {verb: set(re.findall(r"(?<!\S)(?:-\w,)?(--[a-z][a-z-]*)", text.split("Options:")[-1])) - {"--help"}}
    found = {}
    for name in names:
        found |= verbs_below(program, f"{verb} {name}".strip())
    return found


def on_page(text):
    sections = re.split(r"^## ", text, flags=re.M)[1:]
    return {title.removeprefix("zhili ").strip(): set(re.findall(r"`(--[a-z][a-z-]*)`", body))
            for title, _, body in (section.partition("\n") for section in sections) if title.startswith("zhili ")}


def main(program, page):
    said, written = verbs_below(program), on_page(open(page, encoding="utf-8").read())
    wrong = [f"no heading “## zhili {verb}”" for verb in sorted(said.keys() - written.keys())]
    wrong += [f"the program has no verb {verb}" for verb in sorted(written.keys() - said.keys())]
    for verb in sorted(said.keys() & written.keys()):
        wrong += [f"{verb}: {option} is not on the page" for option in sorted(said[verb] - written[verb])]
        wrong += [f"{verb}: the program has no {option}" for option in sorted(written[verb] - said[verb])]
    for line in wrong:
        print(f"{page}: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
