-- Alarms: what rules find wrong, one row for each rule and subject (respond/alarms). A projection of the entries alarm.*; id is the seq of the
-- first. Times are milliseconds since 1970. state: respond::alarms::State; 4 is cleared. kind: 1 a fault of a device. severity: 0 info … 4 critical.
-- item, thing, device, device_type, place, area, department, private repeat what `finding` (JSON, the newest) says, for asking; place is the subject
-- where nothing else stands at its place. told: what the case of its report has been told of it.
CREATE TABLE alarm (
  id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  state BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  rule TEXT NOT NULL,
  subject TEXT NOT NULL,
  severity BIGINT NOT NULL,
  times BIGINT NOT NULL,
  raised_at BIGINT NOT NULL,
  cleared_at BIGINT,
  cleared_by TEXT,
  acknowledged_by TEXT,
  acknowledged_at BIGINT,
  assigned_post TEXT,
  assigned_person TEXT,
  suppressed_until BIGINT,
  window_id BIGINT,
  signal BIGINT NOT NULL,
  signal_of BIGINT NOT NULL,
  waits_zh TEXT,
  waits_en TEXT,
  item TEXT NOT NULL,
  thing BIGINT NOT NULL,
  device BIGINT NOT NULL,
  device_type TEXT NOT NULL,
  place TEXT NOT NULL,
  area TEXT NOT NULL,
  department TEXT NOT NULL,
  private BIGINT NOT NULL,
  finding TEXT NOT NULL,
  told TEXT
);
CREATE UNIQUE INDEX alarm_key ON alarm (rule, subject);
CREATE INDEX alarm_open ON alarm (raised_at, id) WHERE state < 4;
-- Everything that a list is narrowed by, so that one which finds little among many old alarms looks at this index only.
CREATE INDEX alarm_all ON alarm (raised_at, id, state, kind, severity, area, item, department);
CREATE INDEX alarm_thing ON alarm (thing, raised_at, id);
CREATE INDEX alarm_rule ON alarm (rule, raised_at, id);
CREATE INDEX alarm_place ON alarm (place) WHERE signal <> 0;
CREATE INDEX alarm_signal ON alarm (signal) WHERE signal <> 0;
CREATE INDEX alarm_window ON alarm (window_id) WHERE state = 3;

-- What was taken from each rule at each subject: the number of the last transition, and the alarm of a device's fault that it notices
-- (0: none). No projection: it says how far the rules were followed.
CREATE TABLE alarm_source (
  rule TEXT NOT NULL,
  subject TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  fault BIGINT NOT NULL,
  PRIMARY KEY (rule, subject)
);
CREATE INDEX alarm_source_fault ON alarm_source (fault) WHERE fault <> 0;

-- What follows by itself. kind: 1 its report and case, 2 its suppression ends. Whoever deletes the row may do it.
CREATE TABLE alarm_due (
  alarm BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  PRIMARY KEY (alarm, kind)
);
CREATE INDEX alarm_due_at ON alarm_due (kind, due_at);

-- Maintenance windows; entries maintenance.*. An empty text and a thing 0 do not narrow. begun, finished: what is to be done at its beginning and
-- its end was done.
CREATE TABLE maintenance (
  id BIGINT PRIMARY KEY,
  thing BIGINT NOT NULL,
  place TEXT NOT NULL,
  rule TEXT NOT NULL,
  device_type TEXT NOT NULL,
  area TEXT NOT NULL,
  begins_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  begun BIGINT NOT NULL,
  finished BIGINT NOT NULL
);
CREATE INDEX maintenance_open ON maintenance (begins_at) WHERE finished = 0;
