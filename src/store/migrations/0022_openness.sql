-- photo.everybody is respond::PhotoSight: 3 says that a photo came after its report was released, and that nobody has looked yet whether
-- everybody may see it. Which they are is asked by whoever releases reports.
CREATE INDEX photo_late ON photo (subject) WHERE everybody = 3;

-- An objection of a report's reporter that nobody has decided yet: 0 none, 1 against its rejection, 2 against what its release keeps back.
-- From the entries of the report.
ALTER TABLE signal ADD COLUMN objection BIGINT NOT NULL DEFAULT 0;
CREATE INDEX signal_objection ON signal (objection, id) WHERE objection > 0;
