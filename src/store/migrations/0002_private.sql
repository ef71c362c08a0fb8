-- Personal fields as ciphertext; the keys stand in another store. A record of which the key is gone keeps its row, so
-- that a look-up can say "destroyed" and not "never was".
CREATE TABLE private_record (
  record TEXT PRIMARY KEY,
  subject BIGINT NOT NULL,
  keep_until BIGINT NOT NULL,
  destroyed_at BIGINT,
  sealed TEXT
);
CREATE INDEX private_record_subject ON private_record (subject);
