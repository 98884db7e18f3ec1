-- Figures that others published: quoted with their source, never worked out again in silence. The hub writes, everyone
-- reads. Values are whole numbers of the smallest part of their unit, so that 5.83 pounds stays 5.83 pounds.

CREATE TABLE benchmark(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  code TEXT NOT NULL CHECK(length(code) BETWEEN 1 AND 60),
  label TEXT NOT NULL CHECK(length(label) BETWEEN 1 AND 200),
  value INTEGER NOT NULL CHECK(value >= 0),
  unit TEXT NOT NULL CHECK(unit IN ('PERCENT', 'PENCE', 'PENCE_PER_POUND', 'PEOPLE', 'CHILDREN', 'MONTHS')),
  band TEXT CHECK(length(band) <= 60),
  source TEXT NOT NULL CHECK(length(source) BETWEEN 1 AND 300),
  period TEXT CHECK(length(period) <= 100),
  quoted_on TEXT CHECK(quoted_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]')
) STRICT;
CREATE INDEX benchmark_code ON benchmark(code);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (57, 'benchmark', 'shared', NULL, 'REFERENCE', 'hub', 0, 'Benchmark',
    'A figure to compare with, and where it stands');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('benchmark', 'code',      0, 'lww', 'Code', 'Reports name it by this', NULL),
  ('benchmark', 'label',     0, 'lww', 'What it says', 'One sentence, with whom it counts', NULL),
  ('benchmark', 'value',     0, 'lww', 'Value', 'In the unit beside it', NULL),
  ('benchmark', 'unit',      0, 'lww', 'Unit',
    'Per cent, pence, pence for each pound, people, children or months', NULL),
  ('benchmark', 'band',      0, 'lww', 'For sentences of', 'Empty: of any length', 'sentence.length_band'),
  ('benchmark', 'source',    0, 'lww', 'Source', 'Who published it, and in what', NULL),
  ('benchmark', 'period',    0, 'lww', 'Period', 'The time that it tells of', NULL),
  ('benchmark', 'quoted_on', 0, 'lww', 'Quoted on', 'When somebody last looked it up', NULL);

CREATE TABLE sroi_run(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  study TEXT NOT NULL CHECK(length(study) BETWEEN 1 AND 60),
  horizon_years INTEGER NOT NULL CHECK(horizon_years BETWEEN 1 AND 50),
  ratio_pence INTEGER NOT NULL CHECK(ratio_pence >= 0),
  discount_per_mille INTEGER CHECK(discount_per_mille BETWEEN 0 AND 1000),
  source TEXT NOT NULL CHECK(length(source) BETWEEN 1 AND 300),
  note TEXT NOT NULL DEFAULT '' CHECK(length(note) <= 1000)
) STRICT;
CREATE INDEX sroi_run_study ON sroi_run(study);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (58, 'sroi_run', 'shared', NULL, 'REFERENCE', 'hub', 0, 'Social return',
    'What a study found that one pound brings back, as it says so');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('sroi_run', 'study',              0, 'lww', 'Study', 'Short name of the study', NULL),
  ('sroi_run', 'horizon_years',      0, 'lww', 'Over', 'How many years of benefits are counted', NULL),
  ('sroi_run', 'ratio_pence',        0, 'lww', 'For each pound',
    'Pence of benefit for each pound spent, as printed', NULL),
  ('sroi_run', 'discount_per_mille', 0, 'lww', 'Discount a year',
    'Parts of a thousand; empty where the study does not say', NULL),
  ('sroi_run', 'source',             0, 'lww', 'Source', 'Author, title, year', NULL),
  ('sroi_run', 'note',               0, 'lww', 'Note', 'What the study counts and leaves out', NULL);
INSERT INTO column_unit(tbl, col, unit) VALUES
  ('sroi_run', 'horizon_years', 'years'),
  ('sroi_run', 'ratio_pence', 'pence'),
  ('sroi_run', 'discount_per_mille', 'per mille');

CREATE TABLE sroi_line(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16) DEFAULT (randomblob(16)),
  study TEXT NOT NULL CHECK(length(study) BETWEEN 1 AND 60),
  category TEXT NOT NULL CHECK(length(category) BETWEEN 1 AND 60),
  unit TEXT NOT NULL CHECK(length(unit) BETWEEN 1 AND 60),
  units INTEGER CHECK(units >= 0),
  proxy_pence INTEGER CHECK(proxy_pence >= 0),
  total_pence INTEGER CHECK(total_pence >= 0),
  deadweight_per_mille INTEGER CHECK(deadweight_per_mille BETWEEN 0 AND 1000),
  attribution_per_mille INTEGER CHECK(attribution_per_mille BETWEEN 0 AND 1000),
  drop_off_per_mille INTEGER CHECK(drop_off_per_mille BETWEEN 0 AND 1000),
  proxy_source TEXT CHECK(length(proxy_source) <= 300)
) STRICT;
CREATE INDEX sroi_line_study ON sroi_line(study);
INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only, label, help) VALUES
  (59, 'sroi_line', 'shared', NULL, 'REFERENCE', 'hub', 0, 'Benefit counted',
    'One category of a study: so many units, each worth so much');
INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
  ('sroi_line', 'study',                 0, 'lww', 'Study', 'Short name of the study', NULL),
  ('sroi_line', 'category',              0, 'lww', 'Category', 'What is saved or gained', 'sroi_line.category'),
  ('sroi_line', 'unit',                  0, 'lww', 'Counted in', 'Child-months, nights, crimes', NULL),
  ('sroi_line', 'units',                 0, 'lww', 'How many', 'Of that unit', NULL),
  ('sroi_line', 'proxy_pence',           0, 'lww', 'Worth each', 'In pence, as the study has it', NULL),
  ('sroi_line', 'total_pence',           0, 'lww', 'Worth together',
    'In pence, as printed: may differ from the product by rounding', NULL),
  ('sroi_line', 'deadweight_per_mille',  0, 'lww', 'Deadweight',
    'Parts of a thousand that would have come anyway', NULL),
  ('sroi_line', 'attribution_per_mille', 0, 'lww', 'Attribution',
    'Parts of a thousand that the programme may claim', NULL),
  ('sroi_line', 'drop_off_per_mille',    0, 'lww', 'Left each year',
    'Parts of a thousand that last from one year to the next', NULL),
  ('sroi_line', 'proxy_source',          0, 'lww', 'Source of the proxy', 'Who published what one unit is worth', NULL);
INSERT INTO column_unit(tbl, col, unit) VALUES
  ('sroi_line', 'proxy_pence', 'pence'),
  ('sroi_line', 'total_pence', 'pence'),
  ('sroi_line', 'deadweight_per_mille', 'per mille'),
  ('sroi_line', 'attribution_per_mille', 'per mille'),
  ('sroi_line', 'drop_off_per_mille', 'per mille');
