-- title: The tasks that are counted in a dirty hour, with the hours and local days they are counted in
-- params: lo timestamp, hi timestamp
-- columns: system_id text, task_id text, task_type text, arm text, release_id text, outcome text,
--   completed bigint, created_hour timestamp, created_day date, done_hour timestamp, done_day date,
--   settled_hour timestamp, settled_day date, created_epoch bigint, completed_epoch bigint, reopened_epoch bigint,
--   latency_us bigint, handling_us bigint, human_us bigint, escalated bigint, escalation_outcome text,
--   review_due bigint, review_prob double, cost_amount decimal, cost_currency text
-- note: A day is NULL where it is not dirty: it is then counted elsewhere. Completed = completed_at is there and the
--   status says neither failed, abandoned nor open. A cost that its source calls unknown is NULL.
SELECT
  t.system_id AS system_id, t.task_id AS task_id, COALESCE(t.task_type, '') AS task_type, COALESCE(t.arm, '') AS arm,
  COALESCE(t.release_id, '') AS release_id, t.outcome AS outcome,
  CASE WHEN t.completed_at IS NOT NULL AND t.status NOT IN ('failed', 'abandoned', 'open') THEN 1 ELSE 0 END AS completed,
  c.hour_utc AS created_hour, c.day_local AS created_day, d.hour_utc AS done_hour, d.day_local AS done_day,
  CASE WHEN t.completed_at IS NULL THEN c.hour_utc ELSE d.hour_utc END AS settled_hour,
  CASE WHEN t.completed_at IS NULL THEN c.day_local ELSE d.day_local END AS settled_day,
  t.created_epoch AS created_epoch, t.completed_epoch AS completed_epoch, t.reopened_epoch AS reopened_epoch,
  t.latency_us AS latency_us, t.handling_us AS handling_us, t.human_us AS human_us,
  CASE WHEN t.outcome = 'escalated' OR t.escalated_at IS NOT NULL THEN 1 ELSE 0 END AS escalated,
  t.escalation_outcome AS escalation_outcome,
  CASE WHEN t.review_due = TRUE THEN 1 ELSE 0 END AS review_due, t.review_prob AS review_prob,
  CASE WHEN t.cost_source = 'unknown' THEN NULL ELSE t.cost_amount END AS cost_amount,
  COALESCE(t.cost_currency, '') AS cost_currency
FROM src_tasks AS t
LEFT JOIN calendar_hour AS c
  ON date_trunc('hour', t.created_at) = c.hour_utc AND t.created_at >= c.from_utc AND t.created_at < c.to_utc
LEFT JOIN calendar_hour AS d
  ON date_trunc('hour', t.completed_at) = d.hour_utc AND t.completed_at >= d.from_utc AND t.completed_at < d.to_utc
WHERE t.is_test = FALSE
  AND ((t.created_seek >= :lo AND t.created_seek < :hi) OR (t.completed_seek >= :lo AND t.completed_seek < :hi))
  AND (c.hour_utc IS NOT NULL OR d.hour_utc IS NOT NULL)
