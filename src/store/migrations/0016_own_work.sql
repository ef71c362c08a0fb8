-- What somebody has reported back, returned and handled on the spot, for their own figures and for nothing else: the question is always about
-- one person (respond/own_work/own_work.hpp). The numbers are core::EventKind.
CREATE INDEX ledger_own_work ON ledger (actor, at) WHERE kind IN (302, 312, 329);
