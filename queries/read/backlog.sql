-- title: Open tasks by age, as of the last refresh
-- params: systems text[], task_type text
-- columns: system_id text, age_bucket text, n bigint
SELECT b.system_id AS system_id, b.age_bucket AS age_bucket, CAST(SUM(b.n) AS BIGINT) AS n
FROM backlog AS b
WHERE b.system_id = ANY(CAST(:systems AS TEXT[])) AND (CAST(:task_type AS TEXT) = '' OR b.task_type = :task_type)
GROUP BY b.system_id, b.age_bucket
ORDER BY b.system_id NULLS LAST, b.age_bucket NULLS LAST
