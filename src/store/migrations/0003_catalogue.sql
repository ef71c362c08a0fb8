-- Every version of every pack that was ever loaded: running cases follow the one that they began with.
CREATE TABLE pack_version (
  id BIGINT PRIMARY KEY,
  pack TEXT NOT NULL,
  version TEXT NOT NULL,
  digest TEXT NOT NULL,
  content TEXT NOT NULL,
  loaded_at BIGINT NOT NULL,
  in_force BIGINT NOT NULL
);
CREATE UNIQUE INDEX pack_version_name ON pack_version (pack, version);
