-- title: Verdicts per span, bucket, system, metric, judge and review reason, AI arms; comparisons with people of shadow rows too
-- params: grain text, from_day date, to_day date, before_from date, before_to date, systems text[], task_type text
-- columns: span text, bucket date, system_id text, metric text, judge text, review_reason text, judged bigint, n bigint,
--   correct bigint, prob_n bigint, prob_correct bigint, w double, w2 double, w_correct double
-- note: w, w2 and w_correct are in billionths of a weight (1 / sampling probability).
SELECT
  m.span AS span, m.bucket AS bucket, m.system_id AS system_id, m.metric AS metric, m.judge AS judge,
  m.review_reason AS review_reason, m.judged AS judged, m.n AS n, m.correct AS correct, m.prob_n AS prob_n,
  m.prob_correct AS prob_correct, m.w AS w, m.w2 AS w2, m.w_correct AS w_correct
FROM (
  SELECT
    CASE WHEN r.day_local >= :from_day AND r.day_local < :to_day THEN 'now' ELSE 'before' END AS span,
    CASE
      WHEN CAST(:grain AS TEXT) = 'day' THEN c.day_local
      WHEN CAST(:grain AS TEXT) = 'week' THEN c.week_start
      WHEN CAST(:grain AS TEXT) = 'month' THEN c.month_start
      WHEN CAST(:grain AS TEXT) = 'quarter' THEN c.quarter_start
      WHEN CAST(:grain AS TEXT) = 'year' THEN c.year_start
      WHEN CAST(:grain AS TEXT) = 'fiscal_month' THEN c.fiscal_month_start
      WHEN CAST(:grain AS TEXT) = 'fiscal_quarter' THEN c.fiscal_quarter_start
      WHEN CAST(:grain AS TEXT) = 'fiscal_year' THEN c.fiscal_year_start
      ELSE CAST(:from_day AS DATE)
    END AS bucket,
    r.system_id AS system_id, r.metric AS metric, r.judge AS judge, r.review_reason AS review_reason,
    CAST(SUM(r.judged) AS BIGINT) AS judged, CAST(SUM(r.n) AS BIGINT) AS n, CAST(SUM(r.correct) AS BIGINT) AS correct,
    CAST(SUM(r.prob_n) AS BIGINT) AS prob_n, CAST(SUM(r.prob_correct) AS BIGINT) AS prob_correct,
    CAST(SUM(r.w) AS DOUBLE PRECISION) AS w, CAST(SUM(r.w2) AS DOUBLE PRECISION) AS w2,
    CAST(SUM(r.w_correct) AS DOUBLE PRECISION) AS w_correct
  FROM rollup_verdict_day AS r
  JOIN calendar_day AS c ON c.day_local = r.day_local
  WHERE (r.arm IN ('ai_auto', 'ai_assisted') OR (r.arm = 'shadow' AND r.metric IN ('agreement', 'ai_right')))
      AND r.system_id = ANY(CAST(:systems AS TEXT[]))
    AND (CAST(:task_type AS TEXT) = '' OR r.task_type = :task_type)
    AND ((r.day_local >= :from_day AND r.day_local < :to_day) OR (r.day_local >= :before_from AND r.day_local < :before_to))
  GROUP BY 1, 2, r.system_id, r.metric, r.judge, r.review_reason
) AS m
ORDER BY m.span NULLS LAST, m.bucket NULLS LAST, m.system_id NULLS LAST, m.metric NULLS LAST, m.judge NULLS LAST,
  m.review_reason NULLS LAST
