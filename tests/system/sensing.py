"""A city with something that is measured: a program's key, a thing with a datastream, a device with its credentials."""

import json
import urllib.error
import urllib.request

from city import City

BASE = "/sensorthings/v1.1"
HERE = {"lat": 34.8601, "lon": 117.5502}
MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
GAUGE = {
    "name": "gauge", "description": "below the railway",
    "Datastreams": [{
        "name": "level", "description": "above the road", "observationType": MEASUREMENT,
        "unitOfMeasurement": {"name": "centimetre", "symbol": "cm", "definition": "ucum:cm"},
        "Sensor": {"name": "US-1", "description": "ultrasonic", "encodingType": "application/pdf", "metadata": "https://example.org/us-1.pdf"},
        "ObservedProperty": {"name": "water level", "definition": "https://example.org/level", "description": "above the road"},
    }],
}


class Measured(City):
    """Words are those of `zhili serve`."""

    def __init__(self, data, *words):
        super().__init__(data, *words)
        self.key = self.admin.post("/api/v1/keys", holder="gateway", scopes=["sensing.write"])["secret"]

    def ask(self, method, path, body=None, token=None):
        """Status, headers and JSON, whatever the status."""
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.served.url + path, data=data, method=method,
                                         headers={"Content-Type": "application/json", "Authorization": f"Bearer {token or self.key}"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                text = answer.read()
                return answer.status, answer.headers, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            text = error.read()
            return error.code, error.headers, json.loads(text) if text else None

    def lines(self, *lines, token=None):
        body = b"\n".join(one if isinstance(one, bytes) else json.dumps(one).encode() for one in lines)
        return self.ask("POST", "/ingest/v1/lines", body, token)

    def datastream(self):
        """The number of a new one, for programs."""
        status, headers, said = self.ask("POST", BASE + "/Things", GAUGE)
        assert status == 201, said
        thing = headers["Location"].partition(BASE)[2]
        return self.ask("GET", f"{BASE}{thing}/Datastreams")[2]["value"][0]["@iot.id"]

    def stored(self, datastream):
        """Phenomenon time (ISO) → result of all observations."""
        found, path = {}, f"{BASE}/Datastreams({datastream})/Observations?$top=1000"
        while path:
            page = self.ask("GET", path)[2]
            found |= {one["phenomenonTime"]: one["result"] for one in page["value"]}
            path = page.get("@iot.nextLink")
            path = path and BASE + path.partition(BASE)[2]
        return found

    def device(self, serial):
        """A registered one with a stream of numbers: (device, name of the stream, its datastream)."""
        types = self.admin.get("/api/v1/devices/types")["types"]
        kind, stream = next((t, s) for t in types for s in t["streams"] if s["kind"] == "number")
        made = self.admin.post("/api/v1/devices", type=kind["id"], serial=serial, name=serial, **HERE)
        device = self.admin.get(f"/api/v1/devices/{made['id']}")
        return device, stream["stream"], next(s["id"] for s in device["streams"] if s["stream"] == stream["stream"])

    def credential(self, device, kind):
        return self.admin.post(f"/api/v1/devices/{device['id']}/credentials", kind=kind)["secret"]

    def health(self):
        return self.admin.get("/api/v1/ingest")
