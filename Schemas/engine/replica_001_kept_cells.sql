-- What the hub sent of tables and columns that this file's schema does not have (docs/schema-versions.md): kept as it
-- came until a newer program knows them. One line for each group of each row, deleted with its row.
CREATE TABLE ru_kept(
  tbl INTEGER NOT NULL,
  key BLOB NOT NULL,
  grp INTEGER NOT NULL,
  val BLOB NOT NULL, -- the values of the group's columns, in order
  PRIMARY KEY(tbl, key, grp)
) STRICT, WITHOUT ROWID;
