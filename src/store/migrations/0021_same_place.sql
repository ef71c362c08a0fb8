-- How often the same item came up at about the same place within some weeks: asked once for each case that evaluation counts
-- (respond/evaluation/subjects.cpp).
CREATE INDEX casefile_same_place ON casefile (item, lat_e7, lon_e7, opened_at);
