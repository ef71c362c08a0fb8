-- What came in and is not in a block yet, in the order in which it was acknowledged. One row for each batch.
CREATE TABLE batch (
  position BIGINT PRIMARY KEY,
  received_at BIGINT NOT NULL,
  observations BIGINT NOT NULL,
  body BYTEA NOT NULL
);

-- Observations of one datastream within one day, compressed. Blocks of a day may overlap in time; none crosses midnight UTC.
CREATE TABLE block (
  datastream BIGINT NOT NULL,
  t_min BIGINT NOT NULL,
  n_min BIGINT NOT NULL,
  t_max BIGINT NOT NULL,
  n_max BIGINT NOT NULL,
  observations BIGINT NOT NULL,
  body BYTEA NOT NULL,
  PRIMARY KEY (datastream, t_min, n_min)
);
CREATE INDEX block_number ON block (datastream, n_max);

-- One day of one datastream in figures: for each hour, for each minute where there are many, and for the whole day.
CREATE TABLE rollup (
  datastream BIGINT NOT NULL,
  day BIGINT NOT NULL,
  body BYTEA NOT NULL,
  PRIMARY KEY (datastream, day)
);

-- Days whose figures are to be made (again).
CREATE TABLE unrolled (
  datastream BIGINT NOT NULL,
  day BIGINT NOT NULL,
  PRIMARY KEY (datastream, day)
);

-- A single observation that was corrected (body) or removed (no body).
CREATE TABLE amendment (
  datastream BIGINT NOT NULL,
  n BIGINT NOT NULL,
  body BYTEA,
  PRIMARY KEY (datastream, n)
);

-- How far things are: 'compacted' is the last position whose observations are in blocks.
CREATE TABLE progress (
  name TEXT PRIMARY KEY,
  position BIGINT NOT NULL
);
INSERT INTO progress (name, position) VALUES ('compacted', 0), ('position', 0);
