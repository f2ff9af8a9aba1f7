-- title: Rejected rows, newest first, at most 1,000
-- params: none
-- columns: source text, table_name text, file text, line bigint, column_name text, reason text, rejected_at timestamp
SELECT
  r.source AS source, r.table_name AS table_name, r.file AS file, r.line AS line, r.column_name AS column_name,
  r.reason AS reason, r.rejected_at AS rejected_at
FROM load_reject AS r
ORDER BY r.rejected_at DESC NULLS LAST, r.file NULLS LAST, r.line NULLS LAST, r.column_name NULLS LAST
LIMIT 1000
