"""Packs a folder into one file that the program carries: `pack_assets.py FOLDER OUT`.

Form: the magic "ZHILI-ASSETS-1\\n", one line of JSON (an array of {path, type, etag, at, size, gzip_at, gzip_size}), then
the bytes. Offsets count from the first byte behind the JSON line. Same folder, same bytes: no times in it.
"""

import gzip
import hashlib
import json
import pathlib
import sys

TYPES = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8", ".json": "application/json; charset=utf-8", ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json", ".png": "image/png", ".ico": "image/x-icon", ".webp": "image/webp",
    ".txt": "text/plain; charset=utf-8", ".pbf": "application/x-protobuf", ".woff2": "font/woff2",
}
PACKED = (".png", ".webp", ".woff2", ".ico")


def main() -> None:
    folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    entries, body = [], bytearray()
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix not in (".gz", ".map")) if folder.is_dir() else []
    for file in files:
        data = file.read_bytes()
        small = b"" if file.suffix in PACKED else gzip.compress(data, 9, mtime=0)
        if len(small) >= len(data):
            small = b""
        entries.append({
            "path": "/" + file.relative_to(folder).as_posix(),
            "type": TYPES.get(file.suffix, "application/octet-stream"),
            "etag": hashlib.sha256(data).hexdigest()[:20],
            "at": len(body), "size": len(data), "gzip_at": len(body) + len(data), "gzip_size": len(small),
        })
        body += data + small
    head = b"ZHILI-ASSETS-1\n" + json.dumps(entries, separators=(",", ":")).encode() + b"\n"
    out.parent.mkdir(parents=True, exist_ok=True)
    if not out.exists() or out.read_bytes() != head + body:
        out.write_bytes(head + body)


main()
