-- Accounts of the staff. id is the seq of the entry that made it. `password` is an Argon2id text, `token_hash` a SHA-256.
CREATE TABLE account (
  id BIGINT PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,
  person TEXT NOT NULL,
  disabled BIGINT NOT NULL,
  must_change BIGINT NOT NULL,
  password TEXT NOT NULL,
  made_at BIGINT NOT NULL
);
CREATE INDEX account_person ON account (person);

-- `items` are prefixes of item codes with a blank between them.
CREATE TABLE appointment (
  id BIGINT PRIMARY KEY,
  person TEXT NOT NULL,
  post TEXT NOT NULL,
  area TEXT NOT NULL,
  items TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT
);
CREATE INDEX appointment_person ON appointment (person);
CREATE INDEX appointment_post ON appointment (post);

CREATE TABLE absence (
  id BIGINT PRIMARY KEY,
  person TEXT NOT NULL,
  deputy TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL
);
CREATE INDEX absence_person ON absence (person, until_at);
CREATE INDEX absence_deputy ON absence (deputy, until_at);

CREATE TABLE session (
  token_hash TEXT PRIMARY KEY,
  account_id BIGINT NOT NULL,
  csrf TEXT NOT NULL,
  began_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account_id);

-- Wrong passwords by login, whether there is such an account or not: an answer must not tell which. Only a hash of what was
-- typed is kept, for it may be a password in the wrong field.
CREATE TABLE sign_in_failure (
  login_hash TEXT PRIMARY KEY,
  failures BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  locked_until BIGINT
);
CREATE INDEX sign_in_failure_last ON sign_in_failure (last_at);

-- Reports that wait for somebody to take them.
CREATE INDEX signal_collected ON signal (id) WHERE state = 1;
