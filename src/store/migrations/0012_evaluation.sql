-- What evaluation counts. All of it is made from the ledger by respond/evaluation/keeper.hpp and may be made again.

-- Codes of areas, departments, items … as small numbers; 0 stands for "none".
CREATE TABLE evaluation_key (
  id BIGINT PRIMARY KEY,
  dimension BIGINT NOT NULL,
  code TEXT NOT NULL
);
CREATE UNIQUE INDEX evaluation_key_code ON evaluation_key (dimension, code);

-- One signal or case of a cohort: the day that it counts on (days since 1970 in the city's zone), what is true of it
-- (catalogue/indicators.hpp, a bit each), what is added up, and where it belongs.
CREATE TABLE evaluation_fact (
  subject BIGINT PRIMARY KEY,
  cohort BIGINT NOT NULL,
  day BIGINT NOT NULL,
  facts BIGINT NOT NULL,
  dispatches BIGINT NOT NULL,
  returns BIGINT NOT NULL,
  reworks BIGINT NOT NULL,
  minutes BIGINT NOT NULL,
  area BIGINT NOT NULL,
  grid BIGINT NOT NULL,
  department BIGINT NOT NULL,
  function_key BIGINT NOT NULL,
  item BIGINT NOT NULL,
  source BIGINT NOT NULL
);
CREATE INDEX evaluation_fact_day ON evaluation_fact (cohort, day, facts);

-- How many of one day, month or year have which facts, by one dimension, or by one within another: those that are open and
-- those that have ended (respond/evaluation/fact_sums.hpp has the form). `slice` says which cohort, dimensions and length
-- (respond/evaluation/cells.hpp).
CREATE TABLE evaluation_cell (
  slice BIGINT NOT NULL,
  period BIGINT NOT NULL,
  within_key BIGINT NOT NULL,
  key BIGINT NOT NULL,
  open_sums TEXT NOT NULL,
  ended_sums TEXT NOT NULL,
  PRIMARY KEY (slice, period, within_key, key)
);

-- Up to which entry of the ledger is counted, and by which rules and zone: one row.
CREATE TABLE evaluation_position (
  one BIGINT PRIMARY KEY,
  seq BIGINT NOT NULL,
  counted_by TEXT NOT NULL
);

-- What somebody has asked of another about a case and waits for: respond::Asked. 0: nothing.
ALTER TABLE casefile ADD COLUMN asked BIGINT NOT NULL DEFAULT 0;
CREATE INDEX casefile_asked ON casefile (asked, id) WHERE asked > 0;
