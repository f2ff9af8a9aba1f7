-- title: Every UTC hour that anything is counted in, and how many rows, for a full rebuild
-- params: none
-- columns: hour_utc timestamp, n bigint
SELECT h.hour_utc AS hour_utc, CAST(SUM(h.n) AS BIGINT) AS n
FROM (
  SELECT date_trunc('hour', created_at) AS hour_utc, COUNT(*) AS n
  FROM src_tasks WHERE created_at IS NOT NULL GROUP BY date_trunc('hour', created_at)
  UNION ALL
  SELECT date_trunc('hour', completed_at) AS hour_utc, COUNT(*) AS n
  FROM src_tasks WHERE completed_at IS NOT NULL GROUP BY date_trunc('hour', completed_at)
  UNION ALL
  SELECT date_trunc('hour', started_at) AS hour_utc, COUNT(*) AS n
  FROM src_model_calls WHERE started_at IS NOT NULL GROUP BY date_trunc('hour', started_at)
  UNION ALL
  SELECT date_trunc('hour', charge_start) AS hour_utc, COUNT(*) AS n
  FROM src_costs WHERE charge_start IS NOT NULL GROUP BY date_trunc('hour', charge_start)
) AS h
GROUP BY h.hour_utc
ORDER BY h.hour_utc NULLS LAST
