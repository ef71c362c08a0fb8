-- Alarms in the order of urgency: not acknowledged, acknowledged, suppressed, cleared (state); the gravest first, then the newest. What a list is
-- narrowed by is in it, as in alarm_all.
CREATE INDEX alarm_urgency ON alarm (state, severity DESC, raised_at DESC, id DESC, kind, area, item, department);
