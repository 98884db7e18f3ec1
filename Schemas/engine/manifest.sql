-- What the engine knows about a network's tables: data beside the tables, open to any SQL client.
-- Both replicas and hubs have these; the migrations in ../network fill them.

-- The disclosure classes. A grant is a mask of these bits.
CREATE TABLE ru_class(
  bit INTEGER PRIMARY KEY CHECK(bit BETWEEN 0 AND 61),
  code TEXT NOT NULL UNIQUE,
  label TEXT NOT NULL,
  secret INTEGER NOT NULL DEFAULT 0 CHECK(secret IN (0, 1)) -- 1: values are shown on the case's own page only
) STRICT;

-- One row for each synced table.
CREATE TABLE ru_table(
  number INTEGER PRIMARY KEY CHECK(number BETWEEN 1 AND 65535), -- never reused
  name TEXT NOT NULL UNIQUE,
  scope_kind TEXT NOT NULL CHECK(scope_kind IN ('shared', 'partner', 'case', 'referral', 'enquiry', 'link', 'own')),
  scope_column TEXT, -- whose value is the row's scope; NULL for shared tables
  class TEXT NOT NULL REFERENCES ru_class(code),
  class_column TEXT, -- whose shown value decides a row's own class, as the view ru_row_class says; NULL for most
  writer TEXT NOT NULL DEFAULT 'granted' CHECK(writer IN ('granted', 'hub')),
  append_only INTEGER NOT NULL DEFAULT 0 CHECK(append_only IN (0, 1)),
  happened_column TEXT, -- milliseconds since 1970 of what a row tells of, where it has such a column
  label TEXT NOT NULL DEFAULT '',
  help TEXT NOT NULL DEFAULT ''
) STRICT;

-- One row for each column but the key. Columns that share a group number merge together, as one cell.
CREATE TABLE ru_column(
  tbl TEXT NOT NULL REFERENCES ru_table(name),
  name TEXT NOT NULL,
  grp INTEGER NOT NULL CHECK(grp BETWEEN 0 AND 61), -- never reused
  policy TEXT NOT NULL CHECK(policy IN
    ('lww', 'review', 'append', 'counter', 'state', 'alloc', 'most-protective', 'set', 'hub-only', 'owner-only')),
  label TEXT NOT NULL DEFAULT '',
  help TEXT NOT NULL DEFAULT '',
  code_list TEXT,
  PRIMARY KEY(tbl, name)
) STRICT;

-- A change of a row of this table may open or close grants of the scope that this column names.
CREATE TABLE ru_grant_dependency(
  tbl TEXT NOT NULL,
  scope_column TEXT NOT NULL,
  PRIMARY KEY(tbl, scope_column)
) STRICT;

-- The present time in milliseconds since 1970, as far as the engine knows it: rules compare with this and never ask
-- SQLite's clock, so that they can be tried at any time. One row, set by the hub before it judges or tends, by a replica
-- when it seals or applies.
CREATE TABLE ru_now(one INTEGER PRIMARY KEY CHECK(one = 1), ms INTEGER NOT NULL) STRICT;
INSERT INTO ru_now(one, ms) VALUES(1, 0);

-- Which migrations have run, in order.
CREATE TABLE ru_migration(
  version INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  applied_ms INTEGER NOT NULL
) STRICT;
