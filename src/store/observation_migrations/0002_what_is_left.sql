-- readings_gone: its readings were taken away because their time is over, and these figures are all that is left; what comes later is added.
-- has_minutes: it has figures of minutes, which are taken away in their turn.
ALTER TABLE rollup ADD COLUMN readings_gone BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rollup ADD COLUMN has_minutes BIGINT NOT NULL DEFAULT 0;
CREATE INDEX rollup_readings_gone ON rollup (datastream, day) WHERE readings_gone = 1;
CREATE INDEX rollup_minutes ON rollup (datastream, day) WHERE has_minutes = 1;

-- Figures end with a sum from here on: those from before are made anew.
INSERT INTO unrolled (datastream, day) SELECT datastream, day FROM rollup WHERE day IS NOT NULL ON CONFLICT (datastream, day) DO NOTHING;
DELETE FROM rollup;
