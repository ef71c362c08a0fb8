-- Calls at the phone desk (12345). Filled by call.* entries; id is the seq of call.opened. `taker` is a person. The caller's
-- number is a private record of the call, what is being typed one of the entry `draft`; state: 1 open, 2 registered,
-- 3 answered, 4 dropped.
CREATE TABLE phone_call (
  id BIGINT PRIMARY KEY,
  taker TEXT NOT NULL,
  state BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  ended_at BIGINT,
  draft BIGINT,
  item TEXT,
  signal_id BIGINT,
  secret BIGINT NOT NULL
);
CREATE INDEX phone_call_open ON phone_call (taker, id) WHERE state = 1;
CREATE INDEX phone_call_signal ON phone_call (signal_id) WHERE signal_id IS NOT NULL;

-- How far somebody who follows the ledger has come, where what they make of it is written in the same piece of work.
CREATE TABLE ledger_follower (
  name TEXT PRIMARY KEY,
  seq BIGINT NOT NULL
);

-- Whoever does the work got in touch with the reporters of a case: reporter.contacted entries.
CREATE TABLE reporter_contact (
  id BIGINT PRIMARY KEY,
  case_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  reached BIGINT NOT NULL
);
CREATE INDEX reporter_contact_case ON reporter_contact (case_id, at);

-- A reporter to be called back (回访) after their case was closed. Filled by call_back.* entries; id is the seq of call_back.due,
-- `closing` that of the entry that closed the case. state: 1 due, 2 reached, 3 not reached, 4 withdrawn (the case went on).
-- `contacted`, `solved` and `satisfied` are the reporter's answers; 0: not asked.
CREATE TABLE call_back (
  id BIGINT PRIMARY KEY,
  case_id BIGINT NOT NULL,
  signal_id BIGINT NOT NULL,
  closing BIGINT NOT NULL,
  item TEXT NOT NULL,
  channel TEXT NOT NULL,
  area TEXT NOT NULL,
  department TEXT NOT NULL,
  dispatched_at BIGINT,
  contacted_at BIGINT,
  response_due_at BIGINT,
  closed_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  state BIGINT NOT NULL,
  ended_at BIGINT,
  contacted BIGINT NOT NULL,
  solved BIGINT NOT NULL,
  satisfied BIGINT NOT NULL,
  UNIQUE (signal_id, closing)
);
CREATE INDEX call_back_waiting ON call_back (next_at, id) WHERE state = 1;
CREATE INDEX call_back_case ON call_back (case_id);
CREATE INDEX call_back_closed ON call_back (closed_at);

-- A department asks that a call-back does not count in some rates (剔除). state: 1 asked, 2 granted, 3 refused. `rates` are
-- codes with a blank between them.
CREATE TABLE call_back_exclusion (
  id BIGINT PRIMARY KEY,
  call_back_id BIGINT NOT NULL UNIQUE,
  department TEXT NOT NULL,
  rates TEXT NOT NULL,
  reason TEXT NOT NULL,
  evidence TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  state BIGINT NOT NULL,
  decided_by TEXT,
  decided_post TEXT,
  decided_at BIGINT,
  decision TEXT
);
CREATE INDEX call_back_exclusion_waiting ON call_back_exclusion (id) WHERE state = 1;

-- Work orders of another hotline by that hotline's own number. Filled by hotline.order_taken entries.
CREATE TABLE hotline_order (
  hotline TEXT NOT NULL,
  number TEXT NOT NULL,
  signal_id BIGINT NOT NULL UNIQUE,
  taken_at BIGINT NOT NULL,
  secret BIGINT NOT NULL,
  PRIMARY KEY (hotline, number)
);
