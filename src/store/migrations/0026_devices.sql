-- Devices. id is the seq of the entry that made the row (device.registered, device.announced, device.claimed; credential.made;
-- device.command_asked). Times are milliseconds since 1970, places are 1e-7 degree. life: 0 unclaimed, 1 active, 2 disabled.
-- words: name and serial number in small letters, for looking up.
CREATE TABLE device (
  id BIGINT PRIMARY KEY,
  type TEXT NOT NULL,
  name TEXT NOT NULL,
  serial TEXT NOT NULL,
  life BIGINT NOT NULL,
  thing BIGINT,
  lat_e7 BIGINT,
  lon_e7 BIGINT,
  area TEXT NOT NULL,
  place TEXT NOT NULL,
  component TEXT NOT NULL,
  is_private BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  active_since BIGINT,
  words TEXT NOT NULL
);
CREATE UNIQUE INDEX device_serial ON device (serial);
CREATE INDEX device_thing ON device (thing);

CREATE TABLE device_stream (
  datastream BIGINT PRIMARY KEY,
  device BIGINT NOT NULL,
  stream TEXT NOT NULL
);
CREATE INDEX device_stream_of ON device_stream (device);

-- Boxes with a claim code. Both hashes are keyed (sense/devices/secret.hpp). ended: 1 once the device has used its token, or a newer ticket
-- of the serial number was made.
CREATE TABLE device_ticket (
  id BIGINT PRIMARY KEY,
  type TEXT NOT NULL,
  serial TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  device BIGINT,
  claimed_at BIGINT,
  ended BIGINT NOT NULL
);
CREATE UNIQUE INDEX device_ticket_serial ON device_ticket (serial) WHERE ended = 0;
CREATE UNIQUE INDEX device_ticket_code ON device_ticket (code_hash);
CREATE INDEX device_ticket_device ON device_ticket (device);

-- kind: 0 token, 1 mqtt. hash: keyed. last_used_at is written down once a minute.
CREATE TABLE device_credential (
  id BIGINT PRIMARY KEY,
  device BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  hash TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  expires_at BIGINT,
  last_used_at BIGINT,
  disabled_at BIGINT
);
CREATE UNIQUE INDEX device_credential_hash ON device_credential (hash);
CREATE INDEX device_credential_device ON device_credential (device);

-- What was last heard of a device, written down once a minute; no projection of the ledger but of its observations. battery in per cent,
-- signal in dBm. firmware: JSON object of what it says of itself.
CREATE TABLE device_condition (
  device BIGINT PRIMARY KEY,
  last_seen BIGINT NOT NULL,
  battery DOUBLE PRECISION,
  signal DOUBLE PRECISION,
  firmware TEXT NOT NULL
);

-- state: 0 waiting, 1 sent, 2 acknowledged, 3 failed, 4 expired. mark: the caller's own, so that nothing is asked twice; may be empty.
CREATE TABLE device_command (
  id BIGINT PRIMARY KEY,
  device BIGINT NOT NULL,
  command TEXT NOT NULL,
  parameters TEXT NOT NULL,
  mark TEXT NOT NULL,
  actor TEXT NOT NULL,
  state BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  sent_at BIGINT,
  done_at BIGINT,
  result TEXT NOT NULL
);
CREATE INDEX device_command_device ON device_command (device, id);
CREATE UNIQUE INDEX device_command_mark ON device_command (device, mark) WHERE mark <> '';
CREATE INDEX device_command_open ON device_command (expires_at) WHERE state < 2;
