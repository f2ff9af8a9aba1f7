-- title: Counts and sums per UTC hour, system and currency
-- params: from_utc timestamp, to_utc timestamp, systems text[]
-- columns: bucket timestamp, system_id text, currency text, attempted bigint, completed bigint, completed_ai bigint,
--   accepted bigint, reopened bigint, outcome_known bigint, escalated_ai bigint, settled bigint, settled_ai
--   bigint, failed_ai bigint, fallback_ai bigint, handling_n bigint, handling_us bigint, cycle_n bigint,
--   cycle_us bigint, latency_n bigint, cost_known bigint, cost_known_ai bigint, unlinked_calls bigint,
--   unlinked_priced bigint, calls bigint, tokens_n bigint, input_tokens bigint, output_tokens bigint, cost
--   decimal
-- note: Shadow rows are left out.
SELECT
  r.hour_utc AS bucket, r.system_id AS system_id, r.currency AS currency,
  CAST(COALESCE(SUM(r.attempted), 0) AS BIGINT) AS attempted,
  CAST(COALESCE(SUM(r.completed), 0) AS BIGINT) AS completed,
  CAST(COALESCE(SUM(CASE WHEN r.arm IN ('ai_auto', 'ai_assisted') THEN r.completed ELSE 0 END), 0) AS BIGINT) AS completed_ai,
  CAST(COALESCE(SUM(r.accepted), 0) AS BIGINT) AS accepted,
  CAST(COALESCE(SUM(r.reopened), 0) AS BIGINT) AS reopened,
  CAST(COALESCE(SUM(r.outcome_known), 0) AS BIGINT) AS outcome_known,
  CAST(COALESCE(SUM(CASE WHEN r.arm IN ('ai_auto', 'ai_assisted') THEN r.escalated ELSE 0 END), 0) AS BIGINT) AS escalated_ai,
  CAST(COALESCE(SUM(r.settled), 0) AS BIGINT) AS settled,
  CAST(COALESCE(SUM(CASE WHEN r.arm IN ('ai_auto', 'ai_assisted') THEN r.settled ELSE 0 END), 0) AS BIGINT) AS settled_ai,
  CAST(COALESCE(SUM(CASE WHEN r.arm IN ('ai_auto', 'ai_assisted') THEN r.failed ELSE 0 END), 0) AS BIGINT) AS failed_ai,
  CAST(COALESCE(SUM(CASE WHEN r.arm IN ('ai_auto', 'ai_assisted') THEN r.fallback ELSE 0 END), 0) AS BIGINT) AS fallback_ai,
  CAST(COALESCE(SUM(r.handling_n), 0) AS BIGINT) AS handling_n,
  CAST(COALESCE(SUM(r.handling_us), 0) AS BIGINT) AS handling_us,
  CAST(COALESCE(SUM(r.cycle_n), 0) AS BIGINT) AS cycle_n,
  CAST(COALESCE(SUM(r.cycle_us), 0) AS BIGINT) AS cycle_us,
  CAST(COALESCE(SUM(r.latency_n), 0) AS BIGINT) AS latency_n,
  CAST(COALESCE(SUM(r.cost_n), 0) AS BIGINT) AS cost_known,
  CAST(COALESCE(SUM(CASE WHEN r.arm IN ('ai_auto', 'ai_assisted') THEN r.cost_n ELSE 0 END), 0) AS BIGINT) AS cost_known_ai,
  CAST(COALESCE(SUM(r.unlinked_calls), 0) AS BIGINT) AS unlinked_calls,
  CAST(COALESCE(SUM(r.unlinked_priced), 0) AS BIGINT) AS unlinked_priced,
  CAST(COALESCE(SUM(r.calls), 0) AS BIGINT) AS calls,
  CAST(COALESCE(SUM(r.tokens_n), 0) AS BIGINT) AS tokens_n,
  CAST(COALESCE(SUM(r.input_tokens), 0) AS BIGINT) AS input_tokens,
  CAST(COALESCE(SUM(r.output_tokens), 0) AS BIGINT) AS output_tokens,
  CAST(COALESCE(SUM(r.cost + r.unlinked_cost), 0) AS DECIMAL(38,12)) AS cost
FROM rollup_hour AS r
WHERE r.arm <> 'shadow' AND r.system_id = ANY(CAST(:systems AS TEXT[])) AND r.hour_utc >= :from_utc AND r.hour_utc < :to_utc
GROUP BY r.hour_utc, r.system_id, r.currency
ORDER BY r.hour_utc NULLS LAST, r.system_id NULLS LAST, r.currency NULLS LAST
