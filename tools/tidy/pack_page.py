"""The page about the form of a pack, made from its JSON Schema."""
import json

PAGE = "docs/reference/packs.md"
SCHEMA = "packs/schema/pack.schema.json"

HEAD = """# Packs 场景包

A pack is a folder `packs/NAME/` with `pack.yaml` and the files that it includes. `zhili pack check packs/NAME` finds every mistake, with file and line.
This page is made from the JSON Schema `packs/schema/pack.schema.json` by `./run tidy --write`; do not edit it. Editors that know JSON Schema can use
that file to help while you write.

场景包是一个文件夹 `packs/名称/`，里面是 `pack.yaml` 和它包含的文件。`zhili pack check packs/名称` 会指出每个错误在哪个文件、哪一行。
"""


def type_of(node):
    if "$ref" in node:
        name = node["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name})"
    kind = node.get("type", "")
    kind = " or ".join(kind) if isinstance(kind, list) else kind
    if kind == "array" and "$ref" in node.get("items", {}):
        return f"list of {type_of(node['items'])}"
    inner = node.get("additionalProperties")
    if kind == "object" and isinstance(inner, dict) and "$ref" in inner:
        return f"map of {type_of(inner)}"
    return {"array": "list", "object": "map", "string": "text", "boolean": "true or false"}.get(kind, kind)


def words(node, key, schema):
    """What the schema says of a node, or of what it refers to."""
    if key not in node and "$ref" in node:
        node = schema["definitions"][node["$ref"].rsplit("/", 1)[1]]
    return node.get(key, "").replace("|", "\\|")


def cell(text):
    return f" {text} " if text else " "


def table(node, schema):
    rows = []
    for name, inner in node.get("properties", {}).items():
        needed = "yes" if name in node.get("required", []) else ""
        rows.append("|" + "|".join(cell(text) for text in (
            f"`{name}`", type_of(inner), needed, words(inner, "description", schema), words(inner, "x-zh", schema))) + "|\n")
    return "\n| key | type | needed | meaning | 含义 |\n|---|---|---|---|---|\n" + "".join(rows) if rows else ""


def page(tree):
    schema = json.loads(tree.files[SCHEMA].text)
    parts = [HEAD, "\n## pack.yaml\n", table(schema, schema)]
    for name, node in schema.get("definitions", {}).items():
        english, chinese = words(node, "description", schema), words(node, "x-zh", schema)
        parts.append(f"\n## {name}\n\n{english}\n{'' if not chinese else chr(10) + chinese + chr(10)}{table(node, schema)}")
    return "".join(parts)
