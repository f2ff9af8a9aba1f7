-- title: The latest instant at which anything arrived, and the latest instant at which anything happened
-- params: none
-- columns: ingested_at timestamp, happened_at timestamp
WITH seen AS (
  SELECT MAX(ingested_at) AS ingested_at, MAX(COALESCE(completed_at, created_at)) AS happened_at FROM src_tasks
  UNION ALL
  SELECT MAX(ingested_at) AS ingested_at, MAX(started_at) AS happened_at FROM src_model_calls
  UNION ALL
  SELECT MAX(ingested_at) AS ingested_at, MAX(created_at) AS happened_at FROM src_verdicts
  UNION ALL
  SELECT MAX(ingested_at) AS ingested_at, MAX(started_at) AS happened_at FROM src_human_work
  UNION ALL
  SELECT MAX(ingested_at) AS ingested_at, MAX(charge_start) AS happened_at FROM src_costs
)
SELECT MAX(ingested_at) AS ingested_at, MAX(happened_at) AS happened_at
FROM seen
