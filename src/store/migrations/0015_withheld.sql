-- What a release keeps from everybody: "words", "place" and names of photos, with a blank between them, and why. From the entry
-- signal.released.
ALTER TABLE signal ADD COLUMN withheld TEXT;
ALTER TABLE signal ADD COLUMN withheld_because TEXT;
