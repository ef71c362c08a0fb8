-- Signals, incidents, cases, their clocks and timers. Each row is a projection of ledger entries; id is the seq of the
-- entry that made it. Codes are text, times are milliseconds, places are 1e-7 degree.

CREATE TABLE signal (
  id BIGINT PRIMARY KEY,
  item TEXT NOT NULL,
  state BIGINT NOT NULL,
  channel TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  lat_e7 BIGINT,
  lon_e7 BIGINT,
  location_unknown BIGINT NOT NULL,
  area_id BIGINT,
  grid TEXT,
  address TEXT,
  words TEXT,
  token TEXT,
  digest TEXT,
  released BIGINT NOT NULL,
  private BIGINT NOT NULL,
  incident_id BIGINT,
  case_id BIGINT
);
CREATE INDEX signal_received ON signal (received_at);
CREATE INDEX signal_checking ON signal (id) WHERE state = 2;
CREATE INDEX signal_incident ON signal (incident_id);
CREATE INDEX signal_digest ON signal (digest) WHERE digest IS NOT NULL;
CREATE UNIQUE INDEX signal_token ON signal (token) WHERE token IS NOT NULL;

CREATE TABLE incident (
  id BIGINT PRIMARY KEY,
  item TEXT NOT NULL,
  opened_at BIGINT NOT NULL
);

-- Lists and counts are answered from memory (respond/cases/case_index.hpp): no index for a filter.
CREATE TABLE casefile (
  id BIGINT PRIMARY KEY,
  signal_id BIGINT NOT NULL,
  incident_id BIGINT NOT NULL,
  item TEXT NOT NULL,
  condition_code TEXT,
  pack TEXT NOT NULL,
  pack_version TEXT NOT NULL,
  stage BIGINT NOT NULL,
  area_id BIGINT,
  grid TEXT,
  lat_e7 BIGINT,
  lon_e7 BIGINT,
  location_unknown BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  due_at BIGINT,
  closed_at BIGINT,
  department TEXT,
  version BIGINT NOT NULL,
  origin BIGINT NOT NULL,
  contradiction BIGINT NOT NULL,
  private BIGINT NOT NULL,
  source TEXT,
  external_no TEXT
);
CREATE UNIQUE INDEX casefile_external ON casefile (external_no, source) WHERE external_no IS NOT NULL;

-- The clocks of a signal or a case as they stand after its last entry; what was used before is in the ledger.
CREATE TABLE clock (
  subject BIGINT NOT NULL,
  name TEXT NOT NULL,
  unit BIGINT NOT NULL,
  state BIGINT NOT NULL,
  budget BIGINT NOT NULL,
  consumed BIGINT NOT NULL,
  running_since BIGINT,
  due_at BIGINT,
  PRIMARY KEY (subject, name)
);

-- What is to happen by itself. Whoever deletes the row may act; a change of the subject raises its generation.
CREATE TABLE timer (
  subject BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  name TEXT NOT NULL,
  generation BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  PRIMARY KEY (subject, kind, name)
);
CREATE INDEX timer_due ON timer (due_at, subject);
