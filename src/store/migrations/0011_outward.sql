-- The place of each listener in the ledger: the last entry that it has taken in (bus/follow.hpp).
CREATE TABLE listener (
  name TEXT PRIMARY KEY,
  seq BIGINT NOT NULL
);

-- Who does the work of one name for all processes: the others look on until its time is over.
CREATE TABLE lease (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  until_at BIGINT NOT NULL
);

-- Webhooks. id is the seq of the entry hook.set that made it. `kinds`, `area` and `items` are prefixes, with a blank between
-- several; empty: all. `secret_check` tells whether the secret is still the one that its receiver was given. `stopped`: why the
-- program itself disabled it.
CREATE TABLE hook (
  id BIGINT PRIMARY KEY,
  name TEXT NOT NULL,
  url TEXT NOT NULL,
  kinds TEXT NOT NULL,
  area TEXT NOT NULL,
  items TEXT NOT NULL,
  secret_check TEXT NOT NULL,
  enabled BIGINT NOT NULL,
  stopped TEXT,
  made_at BIGINT NOT NULL
);

-- What a webhook is to be told, by the ledger entry that it tells of. state: 1 waiting, 2 delivered, 3 given up. A row goes some
-- days after it is done.
CREATE TABLE hook_delivery (
  hook BIGINT NOT NULL,
  entry BIGINT NOT NULL,
  subject BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  state BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  status BIGINT,
  trouble TEXT,
  done_at BIGINT,
  data TEXT NOT NULL,
  PRIMARY KEY (hook, entry)
);
CREATE INDEX hook_delivery_waiting ON hook_delivery (hook, subject, entry) WHERE state = 1;
CREATE INDEX hook_delivery_next ON hook_delivery (hook, next_at) WHERE state = 1;
CREATE INDEX hook_delivery_done ON hook_delivery (done_at) WHERE done_at IS NOT NULL;

-- What other systems told about requests that they sent, by their key and their own id of it; the words are in the entry.
CREATE TABLE exchange_heard (
  holder TEXT NOT NULL,
  update_id TEXT NOT NULL,
  entry BIGINT NOT NULL,
  signal_id BIGINT NOT NULL,
  PRIMARY KEY (holder, update_id)
);
CREATE INDEX exchange_heard_signal ON exchange_heard (signal_id);
-- The requests of a case are asked for by those who follow it from outside.
CREATE INDEX signal_of_case ON signal (case_id) WHERE case_id IS NOT NULL;

-- Cases that another system works on. id is the seq of the entry exchange.begun. `remote` is its id of the request, once it is
-- known; `reference` ours, which the request carries. state: 1 to be sent, 2 with them, 3 ended.
CREATE TABLE exchange (
  id BIGINT PRIMARY KEY,
  case_id BIGINT NOT NULL,
  peer TEXT NOT NULL,
  state BIGINT NOT NULL,
  reference TEXT NOT NULL,
  remote TEXT,
  began_at BIGINT NOT NULL
);
CREATE INDEX exchange_case ON exchange (case_id);
CREATE INDEX exchange_remote ON exchange (peer, remote) WHERE remote IS NOT NULL;
CREATE INDEX exchange_open ON exchange (peer, id) WHERE state < 3;

-- What is to be said to a peer about a case, by the entry that calls for it. what: 1 the request itself, 2 an update. state: 1
-- waiting, 2 said, 3 given up.
CREATE TABLE exchange_message (
  exchange BIGINT NOT NULL,
  entry BIGINT NOT NULL,
  peer TEXT NOT NULL,
  what BIGINT NOT NULL,
  status TEXT NOT NULL,
  words TEXT NOT NULL,
  state BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  trouble TEXT,
  done_at BIGINT,
  PRIMARY KEY (exchange, entry)
);
CREATE INDEX exchange_message_waiting ON exchange_message (peer, next_at) WHERE state = 1;

-- Updates of peers that were taken in: nothing is taken twice.
CREATE TABLE exchange_update (
  peer TEXT NOT NULL,
  update_id TEXT NOT NULL,
  entry BIGINT NOT NULL,
  PRIMARY KEY (peer, update_id)
);

-- How far each peer was asked for what it did, and what was the matter the last time; nothing: it went well.
CREATE TABLE exchange_peer (
  peer TEXT PRIMARY KEY,
  asked_until BIGINT NOT NULL,
  trouble TEXT,
  trouble_since BIGINT
);
