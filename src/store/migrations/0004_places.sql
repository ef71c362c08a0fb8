-- Areas. id is the seq of the entry that made it; shape is compact text (sense/places/shape_text.hpp).
CREATE TABLE area (
  id BIGINT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  level TEXT NOT NULL,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  parent TEXT NOT NULL,
  shape TEXT NOT NULL,
  seq BIGINT NOT NULL
);

-- Unit grids. `until` is exclusive; NULL in `since` and `until` means always.
CREATE TABLE unit_grid (
  code TEXT PRIMARY KEY,
  area_m2 BIGINT NOT NULL,
  land_use TEXT NOT NULL,
  grade BIGINT NOT NULL,
  responsible TEXT NOT NULL,
  since BIGINT,
  until BIGINT,
  shape TEXT NOT NULL,
  seq BIGINT NOT NULL
);

-- Duty grids. `grids` holds codes of unit grids, sorted, with spaces between them.
CREATE TABLE duty_grid (
  code TEXT PRIMARY KEY,
  function TEXT NOT NULL,
  post TEXT NOT NULL,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  grids TEXT NOT NULL,
  seq BIGINT NOT NULL
);

-- The registers: everything that anybody ever said about a thing. Append-only. kind: component, building, estate,
-- organisation, road, block, water. What a thing is like now is, field by field, the strongest of its rows
-- (sense/places/README.md). fields: JSON object of texts, compact.
CREATE TABLE register_said (
  kind BIGINT NOT NULL,
  code TEXT NOT NULL,
  source TEXT NOT NULL,
  said_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  actor TEXT NOT NULL,
  fields TEXT NOT NULL,
  PRIMARY KEY (kind, code, source, said_at, seq)
);
