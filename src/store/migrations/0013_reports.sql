-- Reports. A row is a projection of the entries report.*; id is the seq of the entry that drafted it. `area` is an area's code, empty for
-- the whole city; `query` narrows a special report, as the list of cases takes it; `due_at` is set where a schedule drafted it.
CREATE TABLE report (
  id BIGINT PRIMARY KEY,
  template TEXT NOT NULL,
  area TEXT NOT NULL,
  query TEXT NOT NULL,
  period_from BIGINT NOT NULL,
  period_to BIGINT NOT NULL,
  due_at BIGINT,
  title_zh TEXT NOT NULL,
  title_en TEXT NOT NULL,
  subtitle_zh TEXT NOT NULL,
  subtitle_en TEXT NOT NULL,
  state BIGINT NOT NULL,
  version BIGINT NOT NULL,
  published_version BIGINT,
  changed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX report_due ON report (template, area, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX report_published ON report (id) WHERE published_version IS NOT NULL;

-- Each version as it was made; never changed. `digest` is the SHA-256 that the ledger names; `seq` the last entry that the figures know.
CREATE TABLE report_version (
  report BIGINT NOT NULL,
  version BIGINT NOT NULL,
  document TEXT NOT NULL,
  digest TEXT NOT NULL,
  seq BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (report, version)
);

-- Up to when a schedule has been worked off. Whoever moves it on drafts the report, in the same transaction.
CREATE TABLE report_schedule (
  template TEXT NOT NULL,
  area TEXT NOT NULL,
  done_to BIGINT NOT NULL,
  PRIMARY KEY (template, area)
);

-- What is to be carried to a department; id is the seq of the entry report.sent.
CREATE TABLE report_outbox (
  id BIGINT NOT NULL,
  department TEXT NOT NULL,
  report BIGINT NOT NULL,
  version BIGINT NOT NULL,
  queued_at BIGINT NOT NULL,
  PRIMARY KEY (id, department)
);

-- Filters of the list of cases that somebody gave a name; id is the seq of the entry view.saved. `owner` is a person or a department.
CREATE TABLE saved_view (
  id BIGINT PRIMARY KEY,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  made_at BIGINT NOT NULL
);
CREATE INDEX saved_view_owner ON saved_view (owner);
