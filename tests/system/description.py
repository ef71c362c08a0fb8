"""What a serving process says of itself in /api/v1/openapi.json: looks up operations, and holds values against their schemas."""

import datetime
import json
import re
import urllib.request

METHODS = ("get", "post", "put", "patch", "delete")
TYPES = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict, "null": type(None)}


class Wrong(AssertionError):
    """An answer is not what the description says."""


class Operation:
    def __init__(self, method, pattern, said):
        self.method, self.pattern, self.said = method.upper(), pattern, said
        self.id, self.who = said["operationId"], said["x-who"]
        self.path = re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(pattern)) + "$")

    def parameters(self, place):
        return [p for p in self.said.get("parameters", []) if p["in"] == place]

    def body(self):
        """Media type and schema of the body; nothing if there is none."""
        content = self.said.get("requestBody", {}).get("content", {})
        return next(((kind, held["schema"]) for kind, held in content.items()), (None, None))

    def good(self):
        return [int(status) for status in self.said["responses"] if status.startswith("2")]


class Description:
    known = {}

    def __init__(self, document):
        self.document = document
        self.operations = [Operation(method, pattern, said) for pattern, path in document["paths"].items() for method, said in path.items() if method in METHODS]
        self.operations.sort(key=lambda one: "{" in one.pattern)  # as the server matches: patterns without names first

    @classmethod
    def of(cls, url):
        if url not in cls.known:
            with urllib.request.urlopen(url + "/api/v1/openapi.json", timeout=60) as answer:
                cls.known[url] = cls(json.loads(answer.read()))
        return cls.known[url]

    def find(self, method, path):
        path = path.split("?")[0]
        return next((one for one in self.operations if one.method == method and one.path.match(path)), None)

    def check_answer(self, method, path, status, kind, body):
        """Raises Wrong unless the description has this answer. Routes outside of /api/v1 are not described."""
        where = f"{method} {path} → {status}"
        if not path.startswith("/api/v1/"):
            return None
        operation = self.find(method, path)
        if operation is None:
            if status in (400, 404, 405, 414) and json.loads(body)["code"] in ("http.target", "http.not_found", "http.method", "http.target_too_long"):
                return None
            raise Wrong(f"{where}: not described")
        answer = operation.said["responses"].get(str(status), operation.said["responses"]["default"] if status >= 400 else None)
        if answer is None:
            raise Wrong(f"{where}: this status is not described")
        content = answer.get("content", {})
        if not content:
            if body:
                raise Wrong(f"{where}: a body that is not described: {body[:200]!r}")
            return operation
        kind = kind.split(";")[0]
        if kind not in content:
            raise Wrong(f"{where}: {kind} is not described, but {list(content)}")
        if kind.endswith("json"):
            self.check(json.loads(body), content[kind]["schema"], where)
        return operation

    def resolve(self, schema):
        while "$ref" in schema:
            held = self.document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                held = held[part]
            schema = held
        return schema

    def check(self, value, schema, where="value"):
        """A part of JSON Schema 2020-12: what the document uses. Anything else in it is an error."""
        schema = self.resolve(schema)
        unknown = set(schema) - {"type", "enum", "minLength", "maxLength", "minimum", "maximum", "items", "maxItems", "properties", "required", "additionalProperties",
                                 "anyOf", "format", "description", "contentMediaType"}
        if unknown:
            raise Wrong(f"{where}: the schema has {unknown}")
        if "anyOf" in schema:
            return self.check_any(value, schema["anyOf"], where)
        self.check_type(value, schema, where)
        if "enum" in schema and value not in schema["enum"]:
            raise Wrong(f"{where}: {value!r} is none of {schema['enum']}")
        if isinstance(value, str):
            self.check_text(value, schema, where)
        elif isinstance(value, list):
            if len(value) > schema.get("maxItems", len(value)):
                raise Wrong(f"{where}: {len(value)} elements")
            for i, one in enumerate(value):
                self.check(one, schema.get("items", {}), f"{where}.{i}")
        elif isinstance(value, dict):
            self.check_record(value, schema, where)
        elif isinstance(value, (int, float)) and not isinstance(value, bool) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            raise Wrong(f"{where}: {value} is out of range")

    def check_any(self, value, choices, where):
        said = []
        for choice in choices:
            try:
                return self.check(value, choice, where)
            except Wrong as wrong:
                said.append(str(wrong))
        raise Wrong("; ".join(said))

    @staticmethod
    def check_type(value, schema, where):
        wanted = schema.get("type")
        if wanted is None:
            return
        names = [wanted] if isinstance(wanted, str) else wanted
        fits = any(isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool)) for name in names)
        if not fits:
            raise Wrong(f"{where}: {value!r} is no {wanted}")

    @staticmethod
    def check_text(value, schema, where):
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            raise Wrong(f"{where}: {len(value)} characters")
        if schema.get("format") == "date-time" and datetime.datetime.fromisoformat(value.replace("Z", "+00:00")).tzinfo is None:
            raise Wrong(f"{where}: {value} has no zone")

    def check_record(self, value, schema, where):
        properties, more = schema.get("properties", {}), schema.get("additionalProperties", True)
        lacking = set(schema.get("required", [])) - set(value)
        if lacking:
            raise Wrong(f"{where}: lacks {lacking}")
        for key, held in value.items():
            if key in properties:
                self.check(held, properties[key], f"{where}.{key}")
            elif more is False:
                raise Wrong(f"{where}: {key} is not described")
            elif isinstance(more, dict):
                self.check(held, more, f"{where}.{key}")
