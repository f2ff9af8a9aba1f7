-- title: What degrades and what is not measured, per week, system and task type, AI arms
-- params: from_day date, to_day date, systems text[], task_type text
-- columns: bucket date, system_id text, task_type text, completed_ai bigint, escalated bigint, ai_right bigint,
--   ai_wrong bigint, out_of_scope bigint, settled_ai bigint, fallback bigint, failed bigint, review_due bigint,
--   review_prob_known bigint, review_prob_zero bigint
SELECT
  m.bucket AS bucket, m.system_id AS system_id, m.task_type AS task_type, m.completed_ai AS completed_ai,
  m.escalated AS escalated, m.ai_right AS ai_right, m.ai_wrong AS ai_wrong, m.out_of_scope AS out_of_scope,
  m.settled_ai AS settled_ai, m.fallback AS fallback, m.failed AS failed, m.review_due AS review_due,
  m.review_prob_known AS review_prob_known, m.review_prob_zero AS review_prob_zero
FROM (
  SELECT
    c.week_start AS bucket, r.system_id AS system_id, r.task_type AS task_type,
    CAST(SUM(r.completed) AS BIGINT) AS completed_ai, CAST(SUM(r.escalated) AS BIGINT) AS escalated,
    CAST(SUM(r.escalated_ai_right) AS BIGINT) AS ai_right, CAST(SUM(r.escalated_ai_wrong) AS BIGINT) AS ai_wrong,
    CAST(SUM(r.escalated_out_of_scope) AS BIGINT) AS out_of_scope, CAST(SUM(r.settled) AS BIGINT) AS settled_ai,
    CAST(SUM(r.fallback) AS BIGINT) AS fallback, CAST(SUM(r.failed) AS BIGINT) AS failed,
    CAST(SUM(r.review_due) AS BIGINT) AS review_due, CAST(SUM(r.review_prob_known) AS BIGINT) AS review_prob_known,
    CAST(SUM(r.review_prob_zero) AS BIGINT) AS review_prob_zero
  FROM rollup_day AS r
  JOIN calendar_day AS c ON c.day_local = r.day_local
  WHERE r.arm IN ('ai_auto', 'ai_assisted') AND r.system_id = ANY(CAST(:systems AS TEXT[]))
    AND (CAST(:task_type AS TEXT) = '' OR r.task_type = :task_type)
    AND r.day_local >= :from_day AND r.day_local < :to_day
  GROUP BY c.week_start, r.system_id, r.task_type
) AS m
ORDER BY m.bucket NULLS LAST, m.system_id NULLS LAST, m.task_type NULLS LAST
