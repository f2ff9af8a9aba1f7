-- title: What the last refresh counted in the facts for the checks
-- params: none
-- columns: table_name text, system_id text, name text, n bigint, example text
SELECT table_name, system_id, name, n, example
FROM fact_count
ORDER BY table_name NULLS LAST, system_id NULLS LAST, name NULLS LAST
