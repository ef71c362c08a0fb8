-- Reports that somebody has looked at and found to be about two things. Filled by signal.told_apart and signal.split, emptied by
-- signal.merged.
CREATE TABLE told_apart (
  signal_id BIGINT NOT NULL,
  other_id BIGINT NOT NULL,
  PRIMARY KEY (signal_id, other_id)
);
CREATE INDEX told_apart_other ON told_apart (other_id);

-- Which reports lie near a place: the map in cells of 0.001 degree, as in src/respond/incidents/candidates.cpp.
CREATE INDEX signal_cell ON signal (((lat_e7 + 900000000) / 10000 * 4000000 + (lon_e7 + 1800000000) / 10000), received_at);
