-- What a partner notes about a case for itself alone. It never travels to another partner, whoever owns the case: it
-- stays with those who wrote it when the case is handed over, and is not part of any tier or pack.

-- In no tier: its own arm of ru_grant_source (004_disclosure.sql) reads it and nothing else does.
INSERT INTO ru_class(bit, code, label, secret) VALUES
  (23, 'OWN_NOTES', 'What a partner notes for itself alone', 1);

-- One partner's file about one case: a scope of its own, for the case is another's by and by. Two machines that were
-- offline may each have begun one; the notes of both count.
CREATE TABLE own_file(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  case_id BLOB NOT NULL CHECK(length(case_id) = 16),      -- weak: the partner may hold the case no longer
  partner_id BLOB CHECK(length(partner_id) = 16)
) STRICT;
CREATE INDEX own_file_case ON own_file(case_id);
CREATE INDEX own_file_partner ON own_file(partner_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (44, 'own_file', 'own', 'id', 'OWN_NOTES', 'granted', 1, 'Own file', 'What a partner keeps about a case for itself');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('own_file', 'case_id',    0, 'append', 'Case',    'The case that it is about', NULL),
  ('own_file', 'partner_id', 0, 'append', 'Partner', 'Empty in a new file: the partner that made it', NULL);
INSERT INTO column_author(tbl, col) VALUES ('own_file', 'partner_id');
INSERT INTO ru_grant_dependency(tbl, scope_column) VALUES ('own_file', 'id'), ('own_file', 'case_id');

CREATE TABLE own_note(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  own_file_id BLOB NOT NULL CHECK(length(own_file_id) = 16) REFERENCES own_file(id) DEFERRABLE INITIALLY DEFERRED,
  kind TEXT NOT NULL DEFAULT 'CONTACT' CHECK(length(kind) BETWEEN 1 AND 60),
  subject TEXT CHECK(length(subject) <= 200),
  body TEXT NOT NULL CHECK(length(body) BETWEEN 1 AND 20000),
  author_id BLOB CHECK(length(author_id) = 16),
  corrects_id BLOB CHECK(length(corrects_id) = 16),
  recorded_for_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)),
  entered_at INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER))
) STRICT;
CREATE INDEX own_note_file ON own_note(own_file_id);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (45, 'own_note', 'own', 'own_file_id', 'OWN_NOTES', 'granted', 1, 'Own note', 'Never shown to another partner');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('own_note', 'own_file_id',     0, 'append', 'Own file', 'The file that this belongs to', NULL),
  ('own_note', 'kind',            0, 'append', 'Kind',     'What occasion it is about', 'case_note.kind'),
  ('own_note', 'subject',         0, 'append', 'Subject',  'In a few words', NULL),
  ('own_note', 'body',            0, 'append', 'Note',     'Facts first; a correction is another note', NULL),
  ('own_note', 'author_id',       0, 'append', 'Author',   'Staff member', NULL),
  ('own_note', 'corrects_id',     0, 'append', 'Corrects', 'The note that this one puts right', NULL),
  ('own_note', 'recorded_for_at', 0, 'append', 'When it happened',
    'The time of the call or visit, not of the typing', NULL),
  ('own_note', 'entered_at',      0, 'append', 'When it was typed', 'Set by itself', NULL);
UPDATE ru_table SET happened_column = 'recorded_for_at' WHERE name = 'own_note';
