-- Photos that were kept, by their name (the hash of their content), and what they belong to.
CREATE TABLE photo (
  name TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  kept_at BIGINT NOT NULL
);
CREATE TABLE signal_photo (
  signal_id BIGINT NOT NULL,
  position BIGINT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (signal_id, position)
);
CREATE INDEX signal_photo_name ON signal_photo (name);

-- Keys of those who may send requests. Only a hash is kept; id is the seq of the entry that issued the key.
CREATE TABLE api_key (
  id BIGINT PRIMARY KEY,
  holder TEXT NOT NULL,
  key_hash TEXT NOT NULL UNIQUE,
  issued_at BIGINT NOT NULL,
  revoked_at BIGINT
);

-- What was received lately, so that the same request sent twice is one.
CREATE TABLE seen_request (
  digest TEXT PRIMARY KEY,
  signal_id BIGINT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX seen_request_at ON seen_request (at);
