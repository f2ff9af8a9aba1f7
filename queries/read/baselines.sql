-- title: Signed-off baselines
-- params: none
-- columns: system_id text, task_type text, metric text, value decimal, n bigint?, sd double, unit text, period_from date,
--   period_to date, method text, approved_by text, approved_on date, evidence_ref text
SELECT
  b.system_id AS system_id, COALESCE(b.task_type, '') AS task_type, b.metric AS metric, b.value AS value, b.n AS n,
  b.sd AS sd, b.unit AS unit, b.period_from AS period_from, b.period_to AS period_to,
  COALESCE(b.method, '') AS method, COALESCE(b.approved_by, '') AS approved_by,
  b.approved_on AS approved_on, COALESCE(b.evidence_ref, '') AS evidence_ref
FROM baselines AS b
ORDER BY b.system_id NULLS LAST, b.metric NULLS LAST, COALESCE(b.task_type, '') NULLS LAST, b.period_from NULLS LAST
