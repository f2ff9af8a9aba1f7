-- title: Columns that were ever supplied, per system ('*' = for all)
-- params: none
-- columns: system_id text, table_name text, column_name text
SELECT r.system_id AS system_id, r.table_name AS table_name, r.column_name AS column_name
FROM recorded_column AS r
ORDER BY r.system_id NULLS LAST, r.table_name NULLS LAST, r.column_name NULLS LAST
