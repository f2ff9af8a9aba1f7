-- title: The latest tasks on which AI and people differ
-- params: systems text[], task_type text, from_utc timestamp, to_utc timestamp
-- columns: system_id text, task_id text, task_type text, compared_at timestamp, ai_right boolean, trace_url text
-- note: At most 20. ai_right is NULL where nobody said who was right.
SELECT
  v.system_id AS system_id, v.task_id AS task_id, COALESCE(t.task_type, '') AS task_type, v.created_at AS compared_at,
  r.outcome AS ai_right, COALESCE(t.trace_url, '') AS trace_url
FROM src_verdicts AS v
JOIN src_tasks AS t ON t.system_id = v.system_id AND t.task_id = v.task_id
LEFT JOIN src_verdicts AS r ON r.system_id = v.system_id AND r.task_id = v.task_id AND r.metric = 'ai_right'
WHERE v.metric = 'agreement' AND v.outcome = FALSE AND v.system_id = ANY(CAST(:systems AS TEXT[]))
  AND (CAST(:task_type AS TEXT) = '' OR t.task_type = :task_type)
  AND t.completed_at >= :from_utc AND t.completed_at < :to_utc
ORDER BY v.created_at DESC NULLS LAST, v.system_id NULLS LAST, v.task_id NULLS LAST
LIMIT 20
