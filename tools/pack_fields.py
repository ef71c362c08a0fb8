#!/usr/bin/env python3
"""Writes the table of fields in docs/develop/packs.md from packs/schema/pack.schema.json; --check only compares."""
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).parent.parent
PAGE = ROOT / "docs" / "develop" / "packs.md"
SCHEMA = json.loads((ROOT / "packs" / "schema" / "pack.schema.json").read_text(encoding="utf-8"))
HEAD = "| field | what to write | 写什么 |\n|---|---|---|\n"


def resolve(rule):
    return SCHEMA["definitions"][rule["$ref"].rpartition("/")[2]] if "$ref" in rule else rule


def rows(rule, path):
    rule = resolve(rule)
    if path:
        yield f"| `{path}` | {cell(rule['description'])} | {cell(rule['x-zh'])} |"
    if set(rule.get("properties", {})) == {"zh", "en"}:
        return
    for name, inner in rule.get("properties", {}).items():
        yield from rows(inner, f"{path}.{name}" if path else name)
    more = rule.get("additionalProperties")
    if isinstance(more, dict):
        yield from rows(more, f"{path}.*")


def cell(text):
    return text.replace("|", "\\|")


def main():
    before, _, _ = PAGE.read_text(encoding="utf-8").partition(HEAD)
    page = before + HEAD + "\n".join(dict.fromkeys(rows(SCHEMA, ""))) + "\n"
    if "--check" in sys.argv:
        sys.exit(0 if page == PAGE.read_text(encoding="utf-8") else "docs/develop/packs.md is behind the schema: python3 tools/pack_fields.py")
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
