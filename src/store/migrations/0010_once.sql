-- What clients did with an Idempotency-Key, so that sending it again does it once. `asked` is a SHA-256 of who asks and their key, `digest` of
-- what they sent; `status` and `body` are the answer that they got. No entry of the ledger makes a row: it goes after a day.
CREATE TABLE once (
  asked TEXT PRIMARY KEY,
  digest TEXT NOT NULL,
  status BIGINT NOT NULL,
  body TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX once_at ON once (at);
