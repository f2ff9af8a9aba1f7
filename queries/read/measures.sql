-- title: Counts and sums per span, bucket, system, task type and currency
-- params: grain text, from_day date, to_day date, before_from date, before_to date, systems text[], task_type text
-- columns: span text, bucket date, system_id text, task_type text, currency text, attempted bigint, completed bigint,
--   completed_auto bigint, completed_assisted bigint, completed_human bigint, accepted bigint, accepted_unaided
--   bigint, autonomous bigint, reopened bigint, outcome_known bigint, escalated_ai bigint, escalated_ai_wrong
--   bigint, settled bigint, settled_ai bigint, failed_ai bigint, fallback_ai bigint, review_due bigint,
--   review_prob_known bigint, review_prob_zero bigint, handling_n bigint, handling_us bigint, cycle_n bigint,
--   cycle_us bigint, latency_n bigint, human_n bigint, human_us bigint, cost_known bigint, cost_known_ai bigint,
--   people_n bigint, people_priced bigint, unlinked_calls bigint, unlinked_priced bigint, handling_us2 double,
--   cost decimal, people_cost decimal
-- note: Shadow rows are left out. span is 'now' or 'before' (the comparison window). Counts are independent of the currency:
--   add them up over all of them; money is added up within one.
SELECT
  m.span AS span, m.bucket AS bucket, m.system_id AS system_id, m.task_type AS task_type, m.currency AS currency,
  m.attempted AS attempted,
  m.completed AS completed,
  m.completed_auto AS completed_auto,
  m.completed_assisted AS completed_assisted,
  m.completed_human AS completed_human,
  m.accepted AS accepted,
  m.accepted_unaided AS accepted_unaided,
  m.autonomous AS autonomous,
  m.reopened AS reopened,
  m.outcome_known AS outcome_known,
  m.escalated_ai AS escalated_ai,
  m.escalated_ai_wrong AS escalated_ai_wrong,
  m.settled AS settled,
  m.settled_ai AS settled_ai,
  m.failed_ai AS failed_ai,
  m.fallback_ai AS fallback_ai,
  m.review_due AS review_due,
  m.review_prob_known AS review_prob_known,
  m.review_prob_zero AS review_prob_zero,
  m.handling_n AS handling_n,
  m.handling_us AS handling_us,
  m.cycle_n AS cycle_n,
  m.cycle_us AS cycle_us,
  m.latency_n AS latency_n,
  m.human_n AS human_n,
  m.human_us AS human_us,
  m.cost_known AS cost_known,
  m.cost_known_ai AS cost_known_ai,
  m.people_n AS people_n,
  m.people_priced AS people_priced,
  m.unlinked_calls AS unlinked_calls,
  m.unlinked_priced AS unlinked_priced,
  m.handling_us2 AS handling_us2,
  m.cost AS cost,
  m.people_cost AS people_cost
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
    r.system_id AS system_id, r.task_type AS task_type, r.currency AS currency,
    CAST(COALESCE(SUM(r.attempted), 0) AS BIGINT) AS attempted,
    CAST(COALESCE(SUM(r.completed), 0) AS BIGINT) AS completed,
    CAST(COALESCE(SUM(CASE WHEN r.arm = 'ai_auto' THEN r.completed ELSE 0 END), 0) AS BIGINT) AS completed_auto,
    CAST(COALESCE(SUM(CASE WHEN r.arm = 'ai_assisted' THEN r.completed ELSE 0 END), 0) AS BIGINT) AS completed_assisted,
    CAST(COALESCE(SUM(CASE WHEN r.arm = 'human' THEN r.completed ELSE 0 END), 0) AS BIGINT) AS completed_human,
    CAST(COALESCE(SUM(r.accepted), 0) AS BIGINT) AS accepted,
    CAST(COALESCE(SUM(r.accepted_unaided), 0) AS BIGINT) AS accepted_unaided,
    CAST(COALESCE(SUM(r.autonomous), 0) AS BIGINT) AS autonomous,
    CAST(COALESCE(SUM(r.reopened), 0) AS BIGINT) AS reopened,
    CAST(COALESCE(SUM(r.outcome_known), 0) AS BIGINT) AS outcome_known,
    CAST(COALESCE(SUM(CASE WHEN r.arm IN ('ai_auto', 'ai_assisted') THEN r.escalated ELSE 0 END), 0) AS BIGINT) AS escalated_ai,
    CAST(COALESCE(SUM(CASE WHEN r.arm IN ('ai_auto', 'ai_assisted') THEN r.escalated_ai_wrong ELSE 0 END), 0) AS BIGINT) AS escalated_ai_wrong,
    CAST(COALESCE(SUM(r.settled), 0) AS BIGINT) AS settled,
    CAST(COALESCE(SUM(CASE WHEN r.arm IN ('ai_auto', 'ai_assisted') THEN r.settled ELSE 0 END), 0) AS BIGINT) AS settled_ai,
    CAST(COALESCE(SUM(CASE WHEN r.arm IN ('ai_auto', 'ai_assisted') THEN r.failed ELSE 0 END), 0) AS BIGINT) AS failed_ai,
    CAST(COALESCE(SUM(CASE WHEN r.arm IN ('ai_auto', 'ai_assisted') THEN r.fallback ELSE 0 END), 0) AS BIGINT) AS fallback_ai,
    CAST(COALESCE(SUM(r.review_due), 0) AS BIGINT) AS review_due,
    CAST(COALESCE(SUM(CASE WHEN r.arm IN ('ai_auto', 'ai_assisted') THEN r.review_prob_known ELSE 0 END), 0) AS BIGINT) AS review_prob_known,
    CAST(COALESCE(SUM(CASE WHEN r.arm IN ('ai_auto', 'ai_assisted') THEN r.review_prob_zero ELSE 0 END), 0) AS BIGINT) AS review_prob_zero,
    CAST(COALESCE(SUM(r.handling_n), 0) AS BIGINT) AS handling_n,
    CAST(COALESCE(SUM(r.handling_us), 0) AS BIGINT) AS handling_us,
    CAST(COALESCE(SUM(r.cycle_n), 0) AS BIGINT) AS cycle_n,
    CAST(COALESCE(SUM(r.cycle_us), 0) AS BIGINT) AS cycle_us,
    CAST(COALESCE(SUM(r.latency_n), 0) AS BIGINT) AS latency_n,
    CAST(COALESCE(SUM(r.human_n), 0) AS BIGINT) AS human_n,
    CAST(COALESCE(SUM(r.human_us), 0) AS BIGINT) AS human_us,
    CAST(COALESCE(SUM(r.cost_n), 0) AS BIGINT) AS cost_known,
    CAST(COALESCE(SUM(CASE WHEN r.arm IN ('ai_auto', 'ai_assisted') THEN r.cost_n ELSE 0 END), 0) AS BIGINT) AS cost_known_ai,
    CAST(COALESCE(SUM(r.people_n), 0) AS BIGINT) AS people_n,
    CAST(COALESCE(SUM(r.people_priced), 0) AS BIGINT) AS people_priced,
    CAST(COALESCE(SUM(r.unlinked_calls), 0) AS BIGINT) AS unlinked_calls,
    CAST(COALESCE(SUM(r.unlinked_priced), 0) AS BIGINT) AS unlinked_priced,
    CAST(COALESCE(SUM(CAST(r.handling_us2 AS DOUBLE PRECISION)), 0) AS DOUBLE PRECISION) AS handling_us2,
    CAST(COALESCE(SUM(r.cost + r.unlinked_cost), 0) AS DECIMAL(38,12)) AS cost,
    CAST(COALESCE(SUM(r.people_cost), 0) AS DECIMAL(38,12)) AS people_cost
  FROM rollup_day AS r
  JOIN calendar_day AS c ON c.day_local = r.day_local
  WHERE r.arm <> 'shadow' AND r.system_id = ANY(CAST(:systems AS TEXT[]))
    AND (CAST(:task_type AS TEXT) = '' OR r.task_type = :task_type)
    AND ((r.day_local >= :from_day AND r.day_local < :to_day) OR (r.day_local >= :before_from AND r.day_local < :before_to))
  GROUP BY 1, 2, r.system_id, r.task_type, r.currency
) AS m
ORDER BY m.span NULLS LAST, m.bucket NULLS LAST, m.system_id NULLS LAST, m.task_type NULLS LAST, m.currency NULLS LAST
