-- title: Counts and sums per UTC hour, for load views and the hourly command
-- params: none
-- columns: hour_utc timestamp, system_id text, arm text, currency text, attempted bigint, completed bigint, accepted bigint,
--   outcome_known bigint, reopened bigint, escalated bigint, handling_n bigint, handling_us whole, cycle_n bigint,
--   cycle_us whole, latency_n bigint, latency_us whole, latency_under bigint, settled bigint, failed bigint,
--   fallback bigint, cost_n bigint, cost decimal, unlinked_calls bigint, unlinked_priced bigint, unlinked_cost decimal,
--   calls bigint, tokens_n bigint, input_tokens bigint, output_tokens bigint
-- note: latency_under counts under the lowest latency line that the system's gates or targets name. Tokens are those of
--   serving calls and their retries, in the hour of the call.
WITH created AS (
  SELECT created_hour AS hour_utc, system_id, arm, currency, COUNT(*) AS attempted
  FROM work_fact
  WHERE created_hour IS NOT NULL
  GROUP BY created_hour, system_id, arm, currency
),
lowest AS (
  SELECT system_id, MIN(line_us) AS line_us FROM line WHERE metric = 'latency' GROUP BY system_id
),
done AS (
  SELECT
    f.done_hour AS hour_utc, f.system_id AS system_id, f.arm AS arm, f.currency AS currency,
    COUNT(CASE WHEN f.completed = 1 THEN 1 END) AS completed,
    COUNT(CASE WHEN f.accepted = 1 THEN 1 END) AS accepted,
    COUNT(CASE WHEN f.outcome_known = 1 THEN 1 END) AS outcome_known,
    COUNT(CASE WHEN f.reopened = 1 THEN 1 END) AS reopened,
    COUNT(CASE WHEN f.escalated = 1 THEN 1 END) AS escalated,
    COUNT(CASE WHEN f.handling_us >= 0 THEN 1 END) AS handling_n,
    CAST(SUM(CASE WHEN f.handling_us >= 0 THEN f.handling_us ELSE 0 END) AS DECIMAL(38,0)) AS handling_us,
    COUNT(CASE WHEN f.cycle_us >= 0 THEN 1 END) AS cycle_n,
    CAST(SUM(CASE WHEN f.cycle_us >= 0 THEN f.cycle_us ELSE 0 END) AS DECIMAL(38,0)) AS cycle_us,
    COUNT(CASE WHEN f.latency_us >= 0 THEN 1 END) AS latency_n,
    CAST(SUM(CASE WHEN f.latency_us >= 0 THEN f.latency_us ELSE 0 END) AS DECIMAL(38,0)) AS latency_us,
    COUNT(CASE WHEN f.latency_us >= 0 AND f.latency_us < l.line_us THEN 1 END) AS latency_under
  FROM work_fact AS f
  LEFT JOIN lowest AS l ON l.system_id = f.system_id
  WHERE f.done_hour IS NOT NULL
  GROUP BY f.done_hour, f.system_id, f.arm, f.currency
),
settled AS (
  SELECT
    settled_hour AS hour_utc, system_id, arm, currency, COUNT(*) AS settled,
    COUNT(CASE WHEN failed = 1 THEN 1 END) AS failed,
    COUNT(CASE WHEN fallback = 1 THEN 1 END) AS fallback,
    COUNT(cost) AS cost_n, CAST(COALESCE(SUM(cost), 0) AS DECIMAL(38,12)) AS cost
  FROM work_fact
  WHERE settled_hour IS NOT NULL
  GROUP BY settled_hour, system_id, arm, currency
),
unlinked AS (
  SELECT
    hour_utc, system_id, '' AS arm, currency, COUNT(*) AS unlinked_calls, COUNT(cost) AS unlinked_priced,
    CAST(COALESCE(SUM(cost), 0) AS DECIMAL(38,12)) AS unlinked_cost
  FROM (
    SELECT
      hour_utc, system_id, COALESCE(recorded, priced) AS cost,
      CASE
        WHEN recorded IS NOT NULL THEN recorded_currency
        WHEN priced IS NOT NULL THEN priced_currency
        ELSE ''
      END AS currency
    FROM work_call
    WHERE hour_utc IS NOT NULL AND task_id IS NULL AND purpose IN ('serve', 'retry')
  ) AS c
  GROUP BY hour_utc, system_id, currency
),
called AS (
  SELECT
    hour_utc, system_id, '' AS arm, '' AS currency, COUNT(*) AS calls, CAST(SUM(tokens_n) AS BIGINT) AS tokens_n,
    CAST(SUM(input_tokens) AS BIGINT) AS input_tokens, CAST(SUM(output_tokens) AS BIGINT) AS output_tokens
  FROM work_call
  WHERE hour_utc IS NOT NULL AND purpose IN ('serve', 'retry')
  GROUP BY hour_utc, system_id
),
counted AS (
  SELECT hour_utc, system_id, arm, currency FROM created
  UNION
  SELECT hour_utc, system_id, arm, currency FROM done
  UNION
  SELECT hour_utc, system_id, arm, currency FROM settled
  UNION
  SELECT hour_utc, system_id, arm, currency FROM unlinked
  UNION
  SELECT hour_utc, system_id, arm, currency FROM called
)
SELECT
  a.hour_utc AS hour_utc, a.system_id AS system_id, a.arm AS arm, a.currency AS currency,
  COALESCE(c.attempted, 0) AS attempted, COALESCE(d.completed, 0) AS completed, COALESCE(d.accepted, 0) AS accepted,
  COALESCE(d.outcome_known, 0) AS outcome_known, COALESCE(d.reopened, 0) AS reopened,
  COALESCE(d.escalated, 0) AS escalated, COALESCE(d.handling_n, 0) AS handling_n,
  COALESCE(d.handling_us, 0) AS handling_us, COALESCE(d.cycle_n, 0) AS cycle_n, COALESCE(d.cycle_us, 0) AS cycle_us,
  COALESCE(d.latency_n, 0) AS latency_n, COALESCE(d.latency_us, 0) AS latency_us,
  COALESCE(d.latency_under, 0) AS latency_under, COALESCE(s.settled, 0) AS settled, COALESCE(s.failed, 0) AS failed,
  COALESCE(s.fallback, 0) AS fallback, COALESCE(s.cost_n, 0) AS cost_n, COALESCE(s.cost, 0) AS cost,
  COALESCE(u.unlinked_calls, 0) AS unlinked_calls, COALESCE(u.unlinked_priced, 0) AS unlinked_priced,
  COALESCE(u.unlinked_cost, 0) AS unlinked_cost, COALESCE(k.calls, 0) AS calls, COALESCE(k.tokens_n, 0) AS tokens_n,
  COALESCE(k.input_tokens, 0) AS input_tokens, COALESCE(k.output_tokens, 0) AS output_tokens
FROM counted AS a
LEFT JOIN created AS c
  ON c.hour_utc = a.hour_utc AND c.system_id = a.system_id AND c.arm = a.arm AND c.currency = a.currency
LEFT JOIN done AS d
  ON d.hour_utc = a.hour_utc AND d.system_id = a.system_id AND d.arm = a.arm AND d.currency = a.currency
LEFT JOIN settled AS s
  ON s.hour_utc = a.hour_utc AND s.system_id = a.system_id AND s.arm = a.arm AND s.currency = a.currency
LEFT JOIN unlinked AS u
  ON u.hour_utc = a.hour_utc AND u.system_id = a.system_id AND u.arm = a.arm AND u.currency = a.currency
LEFT JOIN called AS k
  ON k.hour_utc = a.hour_utc AND k.system_id = a.system_id AND k.arm = a.arm AND k.currency = a.currency
