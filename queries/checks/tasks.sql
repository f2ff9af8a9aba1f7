-- title: What is wrong with tasks, per system, and the first task of each kind
-- params: as_of timestamp
-- columns: system_id text, total bigint, repeated bigint, completed_early bigint, completed_early_id text,
--   negative bigint, negative_id text, skewed bigint, skewed_id text, currencies bigint, recording bigint, unrecorded_release bigint,
--   unrecorded_release_id text, last_arrival timestamp
-- note: skewed = arrived more than five minutes before it was created, or created after as-of; a release that is not in
--   releases counts only where the system has any release on record.
WITH released AS (
  SELECT system_id, release_id FROM src_releases GROUP BY system_id, release_id
),
recording AS (
  SELECT DISTINCT system_id FROM src_releases
),
judged AS (
  SELECT
    t.system_id AS system_id, t.task_id AS task_id, t.cost_currency AS cost_currency, t.ingested_at AS ingested_at,
    t.completed_epoch < t.created_epoch AS completed_early,
    t.latency_us < 0 OR t.handling_us < 0 OR t.human_us < 0 AS negative,
    t.ingested_epoch < t.created_epoch - 300000000 OR t.created_at > :as_of AS skewed,
    g.system_id IS NOT NULL AS recording,
    t.release_id IS NOT NULL AND g.system_id IS NOT NULL AND r.release_id IS NULL AS unrecorded_release,
    CASE WHEN t.release_id IS NOT NULL AND r.release_id IS NULL THEN t.release_id END AS release_id
  FROM src_tasks AS t
  LEFT JOIN recording AS g ON g.system_id = t.system_id
  LEFT JOIN released AS r ON r.system_id = t.system_id AND r.release_id = t.release_id
)
SELECT
  system_id,
  COUNT(*) AS total,
  COUNT(*) - COUNT(DISTINCT task_id) AS repeated,
  CAST(SUM(CASE WHEN completed_early THEN 1 ELSE 0 END) AS BIGINT) AS completed_early,
  MIN(CASE WHEN completed_early THEN task_id END) AS completed_early_id,
  CAST(SUM(CASE WHEN negative THEN 1 ELSE 0 END) AS BIGINT) AS negative,
  MIN(CASE WHEN negative THEN task_id END) AS negative_id,
  CAST(SUM(CASE WHEN skewed THEN 1 ELSE 0 END) AS BIGINT) AS skewed,
  MIN(CASE WHEN skewed THEN task_id END) AS skewed_id,
  COUNT(DISTINCT cost_currency) AS currencies,
  CAST(MAX(CASE WHEN recording THEN 1 ELSE 0 END) AS BIGINT) AS recording,
  CAST(SUM(CASE WHEN unrecorded_release THEN 1 ELSE 0 END) AS BIGINT) AS unrecorded_release,
  MIN(CASE WHEN unrecorded_release THEN release_id END) AS unrecorded_release_id,
  MAX(ingested_at) AS last_arrival
FROM judged
GROUP BY system_id
ORDER BY system_id NULLS LAST
