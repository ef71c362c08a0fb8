-- Keys of programs that talk to this one. `scopes` with a blank between them; `used_at` is written down now and then. Keys from before
-- the scopes reported through Open311, and end a year after they were issued.
ALTER TABLE api_key ADD COLUMN scopes TEXT NOT NULL DEFAULT 'open311.write';
ALTER TABLE api_key ADD COLUMN expires_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE api_key ADD COLUMN used_at BIGINT;
UPDATE api_key SET expires_at = issued_at + 31536000000;

-- A session: when its person last proved who they are (0: never here), and by what: "password", "passkey", or a provider's code,
-- whose words for the person and for its own session are kept so that the provider can end it.
ALTER TABLE session ADD COLUMN proved_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN means TEXT NOT NULL DEFAULT 'password';
ALTER TABLE session ADD COLUMN provider_subject TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN provider_session TEXT NOT NULL DEFAULT '';
CREATE INDEX session_provider ON session (means, provider_subject);

-- Who an account is at a provider of sign-on. `subject` is the provider's own word for the person, which it never gives to another.
-- id is the seq of the entry account.linked; the row goes with account.unlinked.
CREATE TABLE account_link (
  id BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL,
  provider TEXT NOT NULL,
  subject TEXT NOT NULL,
  UNIQUE (provider, subject)
);
CREATE INDEX account_link_account ON account_link (account_id);

-- A sign-on that has begun, for one answer of the provider. Hashes are SHA-256.
CREATE TABLE sign_on_attempt (
  state_hash TEXT PRIMARY KEY,
  browser_hash TEXT NOT NULL,
  provider TEXT NOT NULL,
  nonce TEXT NOT NULL,
  verifier TEXT NOT NULL,
  ends_at BIGINT NOT NULL
);
CREATE INDEX sign_on_attempt_ends ON sign_on_attempt (ends_at);

-- Words of providers that are good once (logout tokens): until then they are remembered.
CREATE TABLE sign_on_seen (
  token_hash TEXT PRIMARY KEY,
  ends_at BIGINT NOT NULL
);

-- Passkeys. id is the seq of the entry passkey.made; the row goes with passkey.removed. `credential` and `public_key` are base64url,
-- `algorithm` is COSE's number, `sign_count` the authenticator's own count when it was last used.
CREATE TABLE passkey (
  id BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL,
  credential TEXT NOT NULL UNIQUE,
  algorithm BIGINT NOT NULL,
  public_key TEXT NOT NULL,
  sign_count BIGINT NOT NULL,
  name TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX passkey_account ON passkey (account_id);

-- A challenge that a passkey may answer once. account_id 0: nobody has signed in yet.
CREATE TABLE passkey_challenge (
  challenge_hash TEXT PRIMARY KEY,
  account_id BIGINT NOT NULL,
  purpose TEXT NOT NULL,
  ends_at BIGINT NOT NULL
);
CREATE INDEX passkey_challenge_ends ON passkey_challenge (ends_at);
