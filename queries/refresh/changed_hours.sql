-- title: UTC hours touched by rows that arrived since the last watermark, less the overlap
-- params: since timestamp
-- columns: hour_utc timestamp
-- note: A child row (call, verdict, work) touches its own hour and the hours of its task; a task touches the hours of its
--   calls, which until then belonged to no task or to another type of task.
WITH child AS (
  SELECT system_id, task_id, started_at AS own_at FROM src_model_calls WHERE ingested_seek >= :since
  UNION ALL
  SELECT system_id, task_id, CAST(NULL AS TIMESTAMP) AS own_at FROM src_verdicts WHERE ingested_seek >= :since
  UNION ALL
  SELECT system_id, task_id, CAST(NULL AS TIMESTAMP) AS own_at FROM src_human_work WHERE ingested_seek >= :since
),
touched AS (
  SELECT created_at AS at_utc FROM src_tasks WHERE ingested_seek >= :since
  UNION ALL
  SELECT completed_at AS at_utc FROM src_tasks WHERE ingested_seek >= :since
  UNION ALL
  SELECT c.started_at AS at_utc
  FROM src_tasks AS t JOIN src_model_calls AS c ON c.system_id = t.system_id AND c.task_id = t.task_id
  WHERE t.ingested_seek >= :since
  UNION ALL
  SELECT own_at AS at_utc FROM child
  UNION ALL
  SELECT t.created_at AS at_utc FROM child AS c JOIN src_tasks AS t ON t.system_id = c.system_id AND t.task_id = c.task_id
  UNION ALL
  SELECT t.completed_at AS at_utc FROM child AS c JOIN src_tasks AS t ON t.system_id = c.system_id AND t.task_id = c.task_id
  UNION ALL
  SELECT charge_start AS at_utc FROM src_costs WHERE ingested_seek >= :since
)
SELECT DISTINCT date_trunc('hour', at_utc) AS hour_utc
FROM touched
WHERE at_utc IS NOT NULL
ORDER BY hour_utc NULLS LAST
