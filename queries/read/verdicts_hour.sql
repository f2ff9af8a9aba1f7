-- title: Verdicts per UTC hour, system, metric, judge and review reason, AI arms
-- params: from_utc timestamp, to_utc timestamp, systems text[]
-- columns: bucket timestamp, system_id text, metric text, judge text, review_reason text, judged bigint, n bigint,
--   correct bigint, prob_n bigint, prob_correct bigint, w double, w2 double, w_correct double
SELECT
  r.hour_utc AS bucket, r.system_id AS system_id, r.metric AS metric, r.judge AS judge, r.review_reason AS review_reason,
  CAST(SUM(r.judged) AS BIGINT) AS judged, CAST(SUM(r.n) AS BIGINT) AS n, CAST(SUM(r.correct) AS BIGINT) AS correct,
  CAST(SUM(r.prob_n) AS BIGINT) AS prob_n, CAST(SUM(r.prob_correct) AS BIGINT) AS prob_correct,
  CAST(SUM(r.w) AS DOUBLE PRECISION) AS w, CAST(SUM(r.w2) AS DOUBLE PRECISION) AS w2,
  CAST(SUM(r.w_correct) AS DOUBLE PRECISION) AS w_correct
FROM rollup_verdict_hour AS r
WHERE r.arm IN ('ai_auto', 'ai_assisted') AND r.system_id = ANY(CAST(:systems AS TEXT[])) AND r.hour_utc >= :from_utc AND r.hour_utc < :to_utc
GROUP BY r.hour_utc, r.system_id, r.metric, r.judge, r.review_reason
ORDER BY r.hour_utc NULLS LAST, r.system_id NULLS LAST, r.metric NULLS LAST, r.judge NULLS LAST,
  r.review_reason NULLS LAST
