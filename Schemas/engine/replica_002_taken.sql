-- What only the hub can answer, as in replica.sql: when it took what a column shows now.
CREATE VIEW ru_taken(tbl, key, col, ms) AS SELECT NULL, NULL, NULL, NULL WHERE 0;
