-- Which master key wraps the keys of this store: one row. A process that still holds another one may not write here.
CREATE TABLE master_key (
  fingerprint TEXT PRIMARY KEY
);
