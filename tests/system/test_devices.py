"""Devices from outside: from the box to a live value, a file by the command line, and what is disabled is refused."""

import json
import pathlib
import unittest
import urllib.error
import urllib.request

from harness import Case, Served, run
from people import first_administrator, Refused

HERE = {"lat": 34.8601, "lon": 117.5502}


class Devices(Case):
    def kind(self, admin):
        """A type of the packs with a number that may be 1."""
        for kind in admin.get("/api/v1/devices/types")["types"]:
            for stream in kind["streams"]:
                if not kind["private"] and stream["kind"] == "number" and (not stream["range"] or stream["range"][0] <= 1 <= stream["range"][1]):
                    return kind["id"], stream["stream"]
        self.fail("no pack has a device")

    def as_device(self, served, token, path, body=None, method=None):
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(served.url + path, data=data, method=method, headers=headers), timeout=60) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def test_from_the_box_to_a_live_value(self):
        with Served(self.data) as served:
            admin = first_administrator(served)
            kind, stream = self.kind(admin)
            box = admin.post("/api/v1/devices/claim-codes", type=kind, serials=["G-7"])["codes"][0]
            hello = {"serial": "G-7", "secret": box["secret"]}
            self.assertEqual(self.as_device(served, "", "/api/v1/devices/announce", hello)["state"], "unclaimed")
            device = admin.post("/api/v1/devices/claim", code=box["code"], name="东桥", **HERE)
            token = self.as_device(served, "", "/api/v1/devices/announce", hello)["token"]
            me = self.as_device(served, token, "/api/v1/devices/me")
            self.assertIn(stream, [one["stream"] for one in me["streams"]])
            taken = self.as_device(served, token, "/ingest/v1/lines", json.dumps({"s": stream, "v": 1}).encode())
            self.assertEqual(taken["stored"], 1)
            shown = admin.get(f"/api/v1/devices/{device['id']}")
            last = next(one["last"] for one in shown["streams"] if one["stream"] == stream)
            self.assertIsNotNone(last)
            number = next(one["id"] for one in shown["streams"] if one["stream"] == stream)
            self.assertEqual(len(admin.get(f"/api/v1/datastreams/{number}/series")["points"]), 1)
            admin.ask("PATCH", f"/api/v1/devices/{device['id']}", {"disabled": True})
            with self.assertRaises(urllib.error.HTTPError) as refused:
                self.as_device(served, token, "/api/v1/devices/me")
            self.assertEqual(refused.exception.code, 401)

    def test_a_token_outlives_a_restart(self):
        with Served(self.data) as served:
            admin = first_administrator(served)
            device = admin.post("/api/v1/devices", type=self.kind(admin)[0], serial="G-1", **HERE)
            token = admin.post(f"/api/v1/devices/{device['id']}/credentials")["secret"]
        with Served(self.data) as served:
            self.assertEqual(self.as_device(served, token, "/api/v1/devices/me")["serial"], "G-1")

    def test_a_file_by_the_command_line(self):
        with Served(self.data) as served:
            admin = first_administrator(served)
            kind, _ = self.kind(admin)
            folder = self.folder
            file, result = folder / "devices.csv", folder / "tokens.csv"
            file.write_text(f"type,serial,lat,lon\n{kind},A-1,34.8601,117.5502\n{kind},A-2,34.8601,x\n")
            looked = run("device", "import", "--data", self.data, str(file), check=False)
            self.assertEqual(looked.returncode, 3)
            self.assertIn("3\tlon", looked.stderr)
            run("device", "import", "--data", self.data, str(file), "--mode", "good_lines", "--credentials", "token", "--result", str(result), check=False)
            self.assertEqual(result.stat().st_mode & 0o077, 0)
            self.assertEqual(run("device", "list", "--data", self.data).stdout.split("\t")[1], "A-1")
            token = next(cell for cell in result.read_text().split(",") if cell.startswith("zd_"))
            self.assertEqual(self.as_device(served, token, "/api/v1/devices/me")["serial"], "A-1")

    def test_whoever_keeps_no_devices_is_refused(self):
        with Served(self.data) as served:
            first_administrator(served)
            with self.assertRaises(urllib.error.HTTPError) as nobody:
                served.get("/api/v1/devices")
            self.assertEqual(nobody.exception.code, 401)


if __name__ == "__main__":
    unittest.main()
