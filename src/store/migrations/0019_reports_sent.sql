-- To whom a report was sent: those who have a post there may read that version. id is the seq of the entry report.sent.
ALTER TABLE report_outbox RENAME TO report_sent;

-- Reports that are sent to this department are delivered to this address; empty: none.
ALTER TABLE hook ADD COLUMN department TEXT NOT NULL DEFAULT '';
