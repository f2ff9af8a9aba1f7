-- title: What was loaded, newest first
-- params: none
-- columns: source text, table_name text, file text, rows_read bigint, loaded bigint, updated bigint, merged bigint,
--   duplicates bigint, filtered bigint, rejected bigint, loaded_at timestamp
SELECT
  l.source AS source, l.table_name AS table_name, l.file AS file, l.rows_read AS rows_read, l.loaded AS loaded,
  l.updated AS updated, l.merged AS merged, l.duplicates AS duplicates, l.filtered AS filtered, l.rejected AS rejected,
  l.loaded_at AS loaded_at
FROM load_log AS l
ORDER BY l.loaded_at DESC NULLS LAST, l.file NULLS LAST, l.table_name NULLS LAST
