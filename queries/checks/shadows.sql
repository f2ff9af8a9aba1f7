-- title: Shadow rows, per system, and the first that names a task which is not there
-- params: none
-- columns: system_id text, total bigint, orphan bigint, orphan_id text
SELECT
  s.system_id AS system_id,
  COUNT(*) AS total,
  CAST(SUM(CASE WHEN s.shadow_of IS NOT NULL AND t.task_id IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS orphan,
  MIN(CASE WHEN s.shadow_of IS NOT NULL AND t.task_id IS NULL THEN s.task_id END) AS orphan_id
FROM src_tasks AS s
LEFT JOIN src_tasks AS t ON t.system_id = s.system_id AND t.task_id = s.shadow_of
WHERE s.arm = 'shadow'
GROUP BY s.system_id
ORDER BY s.system_id NULLS LAST
