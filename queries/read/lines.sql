-- title: Exact counts under every gate or target line, per week and system
-- params: from_day date, to_day date
-- columns: bucket date, system_id text, arm text, metric text, line_us bigint, n bigint, n_under bigint, n_at bigint
SELECT
  c.week_start AS bucket, r.system_id AS system_id, r.arm AS arm, r.metric AS metric, r.line_us AS line_us,
  CAST(SUM(r.n) AS BIGINT) AS n, CAST(SUM(r.n_under) AS BIGINT) AS n_under, CAST(SUM(r.n_at) AS BIGINT) AS n_at
FROM line_day AS r
JOIN calendar_day AS c ON c.day_local = r.day_local
WHERE r.day_local >= :from_day AND r.day_local < :to_day
GROUP BY c.week_start, r.system_id, r.arm, r.metric, r.line_us
ORDER BY c.week_start NULLS LAST, r.system_id NULLS LAST, r.arm NULLS LAST, r.metric NULLS LAST, r.line_us NULLS LAST
