-- The entities of OGC SensorThings API 1.1, but Observations, which have a store of their own. id comes from thing_number (decision
-- 0046), seq is the entry that made the row. JSON is compact text; NULL where there is none. west … north: the bounding box of `shape`,
-- in 1e-7 degree; NULL where it is no GeoJSON. Times are milliseconds since 1970. is_private: only staff see it, see docs.
CREATE TABLE thing_number (
  entity TEXT PRIMARY KEY,
  last BIGINT NOT NULL
);
INSERT INTO thing_number (entity, last) VALUES ('thing', 0), ('location', 0), ('historical_location', 0), ('datastream', 0), ('sensor', 0),
  ('observed_property', 0), ('feature_of_interest', 0);

CREATE TABLE thing (
  id BIGINT PRIMARY KEY,
  seq BIGINT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  properties TEXT,
  is_private BIGINT NOT NULL
);
CREATE INDEX thing_private ON thing (id) WHERE is_private = 1;

CREATE TABLE location (
  id BIGINT PRIMARY KEY,
  seq BIGINT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  encoding_type TEXT NOT NULL,
  shape TEXT NOT NULL,
  properties TEXT,
  is_private BIGINT NOT NULL,
  west BIGINT,
  south BIGINT,
  east BIGINT,
  north BIGINT
);
CREATE INDEX location_box ON location (west, south);

-- Where a thing is now.
CREATE TABLE thing_location (
  thing BIGINT NOT NULL,
  location BIGINT NOT NULL,
  PRIMARY KEY (thing, location)
);
CREATE INDEX thing_location_back ON thing_location (location, thing);

CREATE TABLE historical_location (
  id BIGINT PRIMARY KEY,
  seq BIGINT NOT NULL,
  thing BIGINT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX historical_location_thing ON historical_location (thing, at);

CREATE TABLE historical_location_location (
  historical_location BIGINT NOT NULL,
  location BIGINT NOT NULL,
  PRIMARY KEY (historical_location, location)
);
CREATE INDEX historical_location_location_back ON historical_location_location (location, historical_location);

-- device_type: the type of a pack that it stands for; empty: somebody made it.
CREATE TABLE sensor (
  id BIGINT PRIMARY KEY,
  seq BIGINT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  encoding_type TEXT NOT NULL,
  metadata TEXT NOT NULL,
  properties TEXT,
  is_private BIGINT NOT NULL,
  device_type TEXT NOT NULL
);
CREATE UNIQUE INDEX sensor_device_type ON sensor (device_type) WHERE device_type <> '';

-- code: the property of a pack that it stands for; empty: somebody made it.
CREATE TABLE observed_property (
  id BIGINT PRIMARY KEY,
  seq BIGINT NOT NULL,
  name TEXT NOT NULL,
  definition TEXT NOT NULL,
  description TEXT NOT NULL,
  properties TEXT,
  code TEXT NOT NULL
);
CREATE UNIQUE INDEX observed_property_code ON observed_property (code) WHERE code <> '';

-- unit: unitOfMeasurement as JSON; unit_code: its UCUM code. shape: the observedArea. device_type, stream: of a pack; may be empty.
-- phenomenon_from … result_to: what its observations cover, as far as it was written down. area_given: a client said the observedArea; else
-- it is that of its features.
CREATE TABLE datastream (
  id BIGINT PRIMARY KEY,
  seq BIGINT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  observation_type TEXT NOT NULL,
  unit TEXT NOT NULL,
  unit_code TEXT NOT NULL,
  properties TEXT,
  is_private BIGINT NOT NULL,
  thing BIGINT NOT NULL,
  sensor BIGINT NOT NULL,
  observed_property BIGINT NOT NULL,
  device_type TEXT NOT NULL,
  stream TEXT NOT NULL,
  phenomenon_from BIGINT,
  phenomenon_to BIGINT,
  result_from BIGINT,
  result_to BIGINT,
  area_given BIGINT NOT NULL,
  shape TEXT,
  west BIGINT,
  south BIGINT,
  east BIGINT,
  north BIGINT
);
CREATE INDEX datastream_thing ON datastream (thing);
CREATE INDEX datastream_sensor ON datastream (sensor);
CREATE INDEX datastream_property ON datastream (observed_property);

-- location: the location that it was made from, for observations that name no feature; NULL: somebody made it.
CREATE TABLE feature_of_interest (
  id BIGINT PRIMARY KEY,
  seq BIGINT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  encoding_type TEXT NOT NULL,
  shape TEXT NOT NULL,
  properties TEXT,
  is_private BIGINT NOT NULL,
  location BIGINT,
  west BIGINT,
  south BIGINT,
  east BIGINT,
  north BIGINT
);
CREATE INDEX feature_location ON feature_of_interest (location);

-- Which features the observations of a datastream are about. since: from when on it is the feature of where its thing stands; that of the
-- first is meant by observations that name none. NULL: only of those that name it.
CREATE TABLE datastream_feature (
  datastream BIGINT NOT NULL,
  feature BIGINT NOT NULL,
  since BIGINT
);
CREATE INDEX datastream_feature_of ON datastream_feature (datastream, since);
CREATE INDEX datastream_feature_back ON datastream_feature (feature);
