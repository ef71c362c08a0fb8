-- Facts about this database: the suite of its hashes, its name.
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- Who acts. id is the seq of the entry that made the actor known.
CREATE TABLE actor (
  id BIGINT PRIMARY KEY,
  ref TEXT NOT NULL UNIQUE
);

-- What happened. Append-only; seq has no gaps.
CREATE TABLE ledger (
  seq BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  happened BIGINT,
  kind BIGINT NOT NULL,
  subject BIGINT NOT NULL,
  actor BIGINT NOT NULL,
  payload TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX ledger_subject ON ledger (subject, seq);

-- One row for each commit batch: the root over its entries, chained to the batch before it.
CREATE TABLE ledger_batch (
  batch BIGINT PRIMARY KEY,
  first_seq BIGINT NOT NULL,
  last_seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  root TEXT NOT NULL,
  chain TEXT NOT NULL
);
CREATE UNIQUE INDEX ledger_batch_last_seq ON ledger_batch (last_seq);

-- The last batch, in one row. Writers lock and read it first.
CREATE TABLE ledger_head (
  one BIGINT PRIMARY KEY,
  batch BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  chain TEXT NOT NULL
);
