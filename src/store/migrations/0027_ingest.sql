-- Observations, and messages of devices, that came in and could not be believed or read: kept for some weeks, for somebody to look at
-- (sense/ingest/quarantine.hpp). `way` is ingest::Way, `device` and `datastream` 0 where it is not known which. `problem`: the key of what is wrong.
-- `sent`: one observation as JSON, or (message = 1) the bytes that came on `topic`, shortened. state: 0 waiting, 1 released, 2 dropped.
CREATE TABLE ingest_quarantine (
  id BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  way BIGINT NOT NULL,
  device BIGINT NOT NULL,
  datastream BIGINT NOT NULL,
  problem TEXT NOT NULL,
  topic TEXT NOT NULL,
  message BIGINT NOT NULL,
  sent TEXT NOT NULL,
  state BIGINT NOT NULL,
  decided_at BIGINT,
  decided_by TEXT NOT NULL
);
CREATE INDEX ingest_quarantine_at ON ingest_quarantine (at);
CREATE INDEX ingest_quarantine_state ON ingest_quarantine (state, problem, id);
