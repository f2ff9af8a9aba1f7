-- title: Histogram of a duration over the window and its comparison
-- params: metric text, from_day date, to_day date, before_from date, before_to date, systems text[]
-- columns: span text, bucket bigint, n bigint
-- note: bucket is the log bucket: its value in microseconds is 0.99 * exp(bucket / 49.99833328888678); -1 holds zeros.
SELECT m.span AS span, m.bucket AS bucket, m.n AS n
FROM (
  SELECT
    CASE WHEN r.day_local >= :from_day AND r.day_local < :to_day THEN 'now' ELSE 'before' END AS span,
    r.bucket AS bucket, CAST(SUM(r.n) AS BIGINT) AS n
  FROM hist_day_system AS r
  WHERE r.system_id = ANY(CAST(:systems AS TEXT[]))
    AND ((r.day_local >= :from_day AND r.day_local < :to_day) OR (r.day_local >= :before_from AND r.day_local < :before_to))
    AND r.metric = :metric
  GROUP BY 1, r.bucket
) AS m
ORDER BY m.span NULLS LAST, m.bucket NULLS LAST
