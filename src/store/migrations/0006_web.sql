-- Pictures, by the ledger entry that brought them: a report, a look on site, a step of a case. `name` is a photo of the
-- photo store (the hash of its content), `url` a picture elsewhere, which is never fetched. `everybody`: may be seen once
-- its signal is released. A row goes when its time is over, and the entry photo.forgotten says so.
CREATE TABLE photo (
  entry BIGINT NOT NULL,
  position BIGINT NOT NULL,
  subject BIGINT NOT NULL,
  name TEXT,
  url TEXT,
  everybody BIGINT NOT NULL,
  kept_at BIGINT NOT NULL,
  PRIMARY KEY (entry, position)
);
CREATE INDEX photo_subject ON photo (subject, entry, position);
CREATE INDEX photo_name ON photo (name) WHERE name IS NOT NULL;
CREATE INDEX photo_kept ON photo (kept_at);

-- Keys of those who may send requests. Only a hash is kept; id is the seq of the entry that issued the key.
CREATE TABLE api_key (
  id BIGINT PRIMARY KEY,
  holder TEXT NOT NULL,
  key_hash TEXT NOT NULL UNIQUE,
  issued_at BIGINT NOT NULL,
  revoked_at BIGINT
);
