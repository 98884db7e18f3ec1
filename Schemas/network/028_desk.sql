-- What the worker's desk looks for: names by their beginning, numbers by their text, referrals by their state. Indexes
-- alone, so nothing of what travels changes. Their collation is for looking only: no column has one.
CREATE INDEX person_known_as ON person(known_as COLLATE NOCASE);
CREATE INDEX person_legal_first ON person(legal_first COLLATE NOCASE);
CREATE INDEX person_legal_last ON person(legal_last COLLATE NOCASE);
CREATE INDEX person_alias_first ON person_alias(first_name COLLATE NOCASE);
CREATE INDEX person_alias_last ON person_alias(last_name COLLATE NOCASE);
CREATE INDEX person_identifier_value ON person_identifier(value COLLATE NOCASE);
CREATE INDEX referral_state ON referral(state);
