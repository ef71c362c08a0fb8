-- A secret of the installation that is no record's: wrapped by the master key, made when it is first asked for.
CREATE TABLE named_key (
  name TEXT PRIMARY KEY,
  wrapped TEXT NOT NULL
);
