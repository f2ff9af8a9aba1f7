-- title: What the source holds of the last days, hour by hour: how many rows, and a sum over what they say
-- params: lo timestamp
-- columns: source text, counted text, hour_utc timestamp, own_day date, n bigint, content whole
-- note: A row is counted at every hour whose figures it is part of: a task at those of its creation and completion and, with
--   its call, at the call's; a call at its own; a call, verdict or work at its task's. own_day is the UTC day of the row's
--   own instant (a task's: the later of its two; with its call: the earlier of both), so that groups leave whole when the
--   first day moves on. content adds up the rows' hashes: a row that is deleted, changed in place or moved changes a group
--   at every hour that it was part of.
WITH task AS (
  SELECT
    system_id, task_id, created_at, completed_at, row_hash,
    CASE
      WHEN created_at IS NULL OR completed_at > created_at THEN CAST(completed_at AS DATE) ELSE CAST(created_at AS DATE)
    END AS own_day
  FROM src_tasks
  WHERE created_seek >= :lo OR completed_seek >= :lo
),
child AS (
  SELECT 'model_calls' AS source, system_id, task_id, started_at AS own_at, row_hash
  FROM src_model_calls WHERE started_seek >= :lo
  UNION ALL
  SELECT 'verdicts' AS source, system_id, task_id, created_at AS own_at, row_hash
  FROM src_verdicts WHERE created_seek >= :lo
  UNION ALL
  SELECT 'human_work' AS source, system_id, task_id, started_at AS own_at, row_hash
  FROM src_human_work WHERE started_seek >= :lo
),
joined AS (
  SELECT
    c.source AS source, CAST(c.own_at AS DATE) AS own_day, c.row_hash AS row_hash, t.created_at AS created_at,
    t.completed_at AS completed_at
  FROM child AS c
  JOIN src_tasks AS t ON t.system_id = c.system_id AND t.task_id = c.task_id
),
part AS (
  SELECT 'tasks' AS source, 'created' AS counted, created_at AS at_utc, own_day, row_hash FROM task
  UNION ALL
  SELECT 'tasks' AS source, 'completed' AS counted, completed_at AS at_utc, own_day, row_hash FROM task
  UNION ALL
  SELECT source, 'created' AS counted, created_at AS at_utc, own_day, row_hash FROM joined
  UNION ALL
  SELECT source, 'completed' AS counted, completed_at AS at_utc, own_day, row_hash FROM joined
  UNION ALL
  SELECT
    'model_calls' AS source, 'with task' AS counted, c.own_at AS at_utc,
    CASE WHEN t.own_day < CAST(c.own_at AS DATE) THEN t.own_day ELSE CAST(c.own_at AS DATE) END AS own_day, t.row_hash
  FROM child AS c
  JOIN task AS t ON t.system_id = c.system_id AND t.task_id = c.task_id
  WHERE c.source = 'model_calls'
  UNION ALL
  SELECT source, 'own' AS counted, own_at AS at_utc, CAST(own_at AS DATE) AS own_day, row_hash
  FROM child WHERE source = 'model_calls'
  UNION ALL
  SELECT 'costs' AS source, 'own' AS counted, charge_start AS at_utc, CAST(charge_start AS DATE) AS own_day, row_hash
  FROM src_costs WHERE charge_start_seek >= :lo
)
SELECT
  source AS source, counted AS counted, date_trunc('hour', at_utc) AS hour_utc, own_day AS own_day,
  CAST(COUNT(*) AS BIGINT) AS n, CAST(SUM(row_hash) AS DECIMAL(38,0)) AS content
FROM part
WHERE at_utc IS NOT NULL AND own_day IS NOT NULL
GROUP BY source, counted, date_trunc('hour', at_utc), own_day
