-- Rules over readings (respond/rules). Times are milliseconds since 1970. Nothing here is an act of anybody but rule_choice and rule_parameter, whose entries are
-- rule.*; the rest is how far the rules have come, and could be worked out anew from the observations as long as those are kept.

-- Who runs the rules, and until when they may without saying so again. generation grows when somebody else takes over; configuration whenever rules or what they
-- are about may have changed. position: batches of observations up to there are in every state.
CREATE TABLE rule_keeper (
  id BIGINT PRIMARY KEY,
  holder TEXT NOT NULL,
  until_at BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  configuration BIGINT NOT NULL,
  position BIGINT NOT NULL
);
INSERT INTO rule_keeper (id, holder, until_at, generation, configuration, position) VALUES (1, '', 0, 0, 0, 0);

-- Checkpoint: states of some rules at some subjects together, as respond::rules writes them. id -1: the numbers of alarms of those that are no more, so that
-- they count on if they come back.
CREATE TABLE rule_group (
  id BIGINT PRIMARY KEY,
  save BIGINT NOT NULL,
  states BYTEA NOT NULL
);

-- Journal: the states of those that found something, written with what they found. Of several states of one rule and subject the one with the
-- greater save is newer.
CREATE TABLE rule_journal (
  save BIGINT PRIMARY KEY,
  states BYTEA NOT NULL
);

-- Whether a rule is armed, where somebody has said so. Projection of rule.armed, rule.disarmed.
CREATE TABLE rule_choice (
  rule TEXT PRIMARY KEY,
  armed BIGINT NOT NULL,
  chosen_at BIGINT NOT NULL,
  chosen_by TEXT NOT NULL,
  reason TEXT NOT NULL
);

-- A subject's own value of a parameter, in the parameter's unit. Projection of rule.parameter_set.
CREATE TABLE rule_parameter (
  rule TEXT NOT NULL,
  subject TEXT NOT NULL,
  parameter TEXT NOT NULL,
  value DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (rule, subject, parameter)
);

-- What is usual at a subject in each hour of the day, as it was learned on a day (days since 1970): 24 numbers, NaN where nothing is known.
CREATE TABLE rule_usual (
  subject TEXT NOT NULL,
  property TEXT NOT NULL,
  share DOUBLE PRECISION NOT NULL,
  learned_on BIGINT NOT NULL,
  hours BYTEA NOT NULL,
  PRIMARY KEY (subject, property, share)
);

-- How many alarms a rule raised on a day of the city (days since 1970).
CREATE TABLE rule_day (
  rule TEXT NOT NULL,
  day BIGINT NOT NULL,
  raised BIGINT NOT NULL,
  PRIMARY KEY (rule, day)
);

-- How things stand, for lists: as whoever runs the rules said last.
CREATE TABLE rule_standing (
  rule TEXT PRIMARY KEY,
  subjects BIGINT NOT NULL,
  raised BIGINT NOT NULL,
  at_fault BIGINT NOT NULL,
  broken BIGINT NOT NULL,
  broken_why BIGINT NOT NULL
);
