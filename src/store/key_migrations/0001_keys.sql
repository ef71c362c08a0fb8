-- The key of one private record, wrapped by the master key. Without this row the record is noise for ever.
CREATE TABLE record_key (
  record TEXT PRIMARY KEY,
  wrapped TEXT NOT NULL,
  keep_until BIGINT NOT NULL
);
CREATE INDEX record_key_keep_until ON record_key (keep_until);

-- Exact look-up without plaintext: a keyed hash of a normalised phone, mail address or name.
CREATE TABLE blind_index (
  tag TEXT NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (tag, record)
);
CREATE INDEX blind_index_record ON blind_index (record);
