-- title: What was done and what doing it cost, per span, bucket, system, task type and currency
-- params: grain text, from_day date, to_day date, before_from date, before_to date, task_type text, own_currency text
-- columns: span text, bucket date, rate_day date, system_id text, task_type text, currency text, attempted bigint,
--   completed bigint, accepted bigint, accepted_unaided bigint, settled_ai bigint, cost_known_ai bigint,
--   unlinked_calls bigint, unlinked_priced bigint, people_n bigint, people_priced bigint, inference decimal,
--   handling decimal, review decimal, escalation decimal, rework decimal, evaluation_n bigint, evaluation_known bigint,
--   evaluation decimal
-- note: Money in another currency than own_currency comes per day (rate_day), to be converted at that day's rate; otherwise
--   rate_day is the bucket. Shadow rows are evaluation, in whole: calls and people; so are judge calls and shadow calls
--   beside served tasks. handling is people's work that is no review, escalation or rework.
WITH dated AS (
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
    r.day_local AS day_local, r.system_id AS system_id, r.task_type AS task_type, r.currency AS currency,
    CASE WHEN r.arm = 'shadow' THEN 1 ELSE 0 END AS shadow,
    CASE WHEN r.arm IN ('ai_auto', 'ai_assisted') THEN 1 ELSE 0 END AS ai,
    r.attempted, r.completed, r.accepted, r.accepted_unaided, r.settled, r.cost_n, r.cost, r.people_n, r.people_priced,
    r.people_cost, r.review_cost, r.escalation_cost, r.rework_cost, r.unlinked_calls, r.unlinked_priced, r.unlinked_cost,
    r.evaluation_calls, r.evaluation_priced, r.evaluation_cost
  FROM rollup_day AS r
  JOIN calendar_day AS c ON c.day_local = r.day_local
  WHERE (CAST(:task_type AS TEXT) = '' OR r.task_type = :task_type)
    AND ((r.day_local >= :from_day AND r.day_local < :to_day) OR (r.day_local >= :before_from AND r.day_local < :before_to))
)
SELECT
  m.span AS span, m.bucket AS bucket,
  CASE WHEN m.currency IN ('', CAST(:own_currency AS TEXT)) THEN m.bucket ELSE m.day_local END AS rate_day,
  m.system_id AS system_id, m.task_type AS task_type, m.currency AS currency,
  CAST(SUM(CASE WHEN m.shadow = 1 THEN 0 ELSE m.attempted END) AS BIGINT) AS attempted,
  CAST(SUM(CASE WHEN m.shadow = 1 THEN 0 ELSE m.completed END) AS BIGINT) AS completed,
  CAST(SUM(CASE WHEN m.shadow = 1 THEN 0 ELSE m.accepted END) AS BIGINT) AS accepted,
  CAST(SUM(CASE WHEN m.shadow = 1 THEN 0 ELSE m.accepted_unaided END) AS BIGINT) AS accepted_unaided,
  CAST(SUM(m.ai * m.settled) AS BIGINT) AS settled_ai,
  CAST(SUM(m.ai * m.cost_n) AS BIGINT) AS cost_known_ai,
  CAST(SUM(m.unlinked_calls) AS BIGINT) AS unlinked_calls,
  CAST(SUM(m.unlinked_priced) AS BIGINT) AS unlinked_priced,
  CAST(SUM(CASE WHEN m.shadow = 1 THEN 0 ELSE m.people_n END) AS BIGINT) AS people_n,
  CAST(SUM(CASE WHEN m.shadow = 1 THEN 0 ELSE m.people_priced END) AS BIGINT) AS people_priced,
  CAST(SUM(CASE WHEN m.shadow = 1 THEN 0 ELSE m.cost END + m.unlinked_cost) AS DECIMAL(38,12)) AS inference,
  CAST(SUM(
    CASE WHEN m.shadow = 1 THEN 0 ELSE m.people_cost - m.review_cost - m.escalation_cost - m.rework_cost END
  ) AS DECIMAL(38,12)) AS handling,
  CAST(SUM(CASE WHEN m.shadow = 1 THEN 0 ELSE m.review_cost END) AS DECIMAL(38,12)) AS review,
  CAST(SUM(CASE WHEN m.shadow = 1 THEN 0 ELSE m.escalation_cost END) AS DECIMAL(38,12)) AS escalation,
  CAST(SUM(CASE WHEN m.shadow = 1 THEN 0 ELSE m.rework_cost END) AS DECIMAL(38,12)) AS rework,
  CAST(SUM(m.shadow * (m.settled + m.people_n) + m.evaluation_calls) AS BIGINT) AS evaluation_n,
  CAST(SUM(m.shadow * (m.cost_n + m.people_priced) + m.evaluation_priced) AS BIGINT) AS evaluation_known,
  CAST(SUM(
    CASE WHEN m.shadow = 1 THEN m.cost + m.people_cost ELSE 0 END + m.evaluation_cost
  ) AS DECIMAL(38,12)) AS evaluation
FROM dated AS m
GROUP BY m.span, m.bucket, CASE WHEN m.currency IN ('', CAST(:own_currency AS TEXT)) THEN m.bucket ELSE m.day_local END,
  m.system_id, m.task_type, m.currency
ORDER BY m.span NULLS LAST, m.bucket NULLS LAST, rate_day NULLS LAST, m.system_id NULLS LAST, m.task_type NULLS LAST,
  m.currency NULLS LAST
