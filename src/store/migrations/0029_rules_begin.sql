-- rule_keeper.position: -1 says that no rule ever ran. A database in which none has run begins there.
UPDATE rule_keeper SET position = -1 WHERE id = 1 AND generation = 0;
