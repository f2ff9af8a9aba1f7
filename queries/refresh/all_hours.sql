-- title: Every UTC hour that anything is counted in, for a full rebuild
-- params: none
-- columns: hour_utc timestamp
SELECT h.hour_utc AS hour_utc
FROM (
  SELECT date_trunc('hour', created_at) AS hour_utc FROM src_tasks WHERE created_at IS NOT NULL
  UNION
  SELECT date_trunc('hour', completed_at) AS hour_utc FROM src_tasks WHERE completed_at IS NOT NULL
  UNION
  SELECT date_trunc('hour', started_at) AS hour_utc FROM src_model_calls WHERE started_at IS NOT NULL
  UNION
  SELECT date_trunc('hour', charge_start) AS hour_utc FROM src_costs WHERE charge_start IS NOT NULL
) AS h
ORDER BY h.hour_utc NULLS LAST
