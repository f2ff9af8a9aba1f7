-- title: Verdicts per UTC hour of the task's completion, for load views
-- params: none
-- columns: hour_utc timestamp, system_id text, arm text, metric text, judge text,
--   review_reason text, judged bigint, n bigint, correct bigint, prob_n bigint, prob_correct bigint, w whole, w2 whole,
--   w_correct whole
-- note: prob_* and w* count only verdicts with a stated sampling probability; w is in billionths.
SELECT
  done_hour AS hour_utc, system_id AS system_id, arm AS arm,
  metric AS metric, judge AS judge, review_reason AS review_reason, CAST(COUNT(*) AS BIGINT) AS judged,
  CAST(COUNT(outcome) AS BIGINT) AS n, CAST(SUM(CASE WHEN outcome = TRUE THEN 1 ELSE 0 END) AS BIGINT) AS correct,
  CAST(SUM(CASE WHEN outcome IS NOT NULL AND weight IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS prob_n,
  CAST(SUM(CASE WHEN outcome = TRUE AND weight IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS prob_correct,
  CAST(COALESCE(SUM(CASE WHEN outcome IS NOT NULL THEN weight END), 0) AS DECIMAL(38,0)) AS w,
  CAST(COALESCE(SUM(CASE WHEN outcome IS NOT NULL THEN CAST(weight AS DECIMAL(38,0)) * CAST(weight AS DECIMAL(38,0)) END), 0)
    AS DECIMAL(38,0)) AS w2,
  CAST(COALESCE(SUM(CASE WHEN outcome = TRUE THEN weight END), 0) AS DECIMAL(38,0)) AS w_correct
FROM work_verdict
WHERE done_hour IS NOT NULL
GROUP BY done_hour, system_id, arm, metric, judge, review_reason
