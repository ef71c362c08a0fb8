"""Packs a folder into one file that the program carries: `pack_assets.py FOLDER OUT`.

Form: the magic "ZHILI-ASSETS-1\\n", one line of JSON (an array of {path, at, size}), then the bytes. Offsets count from
the first byte behind the JSON line. Same folder, same bytes: no times in it.
"""

import json
import pathlib
import sys

MADE_ELSEWHERE = (".gz", ".br", ".map")  # the program packs by itself


def main() -> None:
    folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix not in MADE_ELSEWHERE) if folder.is_dir() else []
    index, body = [], bytearray()
    for file in files:
        data = file.read_bytes()
        index.append({"path": file.relative_to(folder).as_posix(), "at": len(body), "size": len(data)})
        body += data
    packed = b"ZHILI-ASSETS-1\n" + json.dumps(index, separators=(",", ":")).encode() + b"\n" + body
    out.parent.mkdir(parents=True, exist_ok=True)
    if not out.exists() or out.read_bytes() != packed:
        out.write_bytes(packed)


main()
