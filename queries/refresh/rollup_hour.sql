-- title: Counts and sums per UTC hour, for load views and the hourly command
-- params: none
-- columns: hour_utc timestamp, system_id text, arm text, currency text, attempted bigint, completed bigint, accepted bigint,
--   outcome_known bigint, reopened bigint, escalated bigint, handling_n bigint, handling_us whole, cycle_n bigint,
--   cycle_us whole, latency_n bigint, latency_us whole, latency_under bigint, settled bigint, failed bigint,
--   fallback bigint, cost_n bigint, cost decimal, unlinked_calls bigint, unlinked_priced bigint, unlinked_cost decimal,
--   calls bigint, tokens_n bigint, input_tokens bigint, output_tokens bigint
-- note: latency_under counts under the lowest latency line that the system's gates or targets name. Tokens are those of
--   serving calls and their retries, in the hour of the call.
WITH part AS (
  SELECT
    'created' AS counted, created_hour AS hour_utc, system_id, arm, currency,
    completed, outcome_known, accepted, reopened, escalated, failed, fallback, handling_us, cycle_us,
    latency_us, cost,
    0 AS tokens_n, 0 AS input_tokens, 0 AS output_tokens
  FROM work_fact
  WHERE created_hour IS NOT NULL
  UNION ALL
  SELECT
    'done' AS counted, done_hour AS hour_utc, system_id, arm, currency,
    completed, outcome_known, accepted, reopened, escalated, failed, fallback, handling_us, cycle_us,
    latency_us, cost,
    0 AS tokens_n, 0 AS input_tokens, 0 AS output_tokens
  FROM work_fact
  WHERE done_hour IS NOT NULL
  UNION ALL
  SELECT
    'settled' AS counted, settled_hour AS hour_utc, system_id, arm, currency,
    completed, outcome_known, accepted, reopened, escalated, failed, fallback, handling_us, cycle_us,
    latency_us, cost,
    0 AS tokens_n, 0 AS input_tokens, 0 AS output_tokens
  FROM work_fact
  WHERE settled_hour IS NOT NULL
  UNION ALL
  SELECT
    'unlinked' AS counted, hour_utc, system_id, '' AS arm,
    CASE
      WHEN recorded IS NOT NULL THEN recorded_currency
      WHEN priced IS NOT NULL THEN priced_currency
      ELSE ''
    END AS currency,
    0 AS completed, 0 AS outcome_known, 0 AS accepted, 0 AS reopened, 0 AS escalated, 0 AS failed, 0 AS fallback,
    CAST(NULL AS BIGINT) AS handling_us, CAST(NULL AS BIGINT) AS cycle_us, CAST(NULL AS BIGINT) AS latency_us,
    COALESCE(recorded, priced) AS cost,
    0 AS tokens_n, 0 AS input_tokens, 0 AS output_tokens
  FROM work_call
  WHERE hour_utc IS NOT NULL AND task_id IS NULL AND purpose IN ('serve', 'retry')
  UNION ALL
  SELECT
    'call' AS counted, hour_utc, system_id, '' AS arm, '' AS currency,
    0 AS completed, 0 AS outcome_known, 0 AS accepted, 0 AS reopened, 0 AS escalated, 0 AS failed, 0 AS fallback,
    CAST(NULL AS BIGINT) AS handling_us, CAST(NULL AS BIGINT) AS cycle_us, CAST(NULL AS BIGINT) AS latency_us,
    CAST(NULL AS DECIMAL(38,12)) AS cost,
    tokens_n, input_tokens, output_tokens
  FROM work_call
  WHERE hour_utc IS NOT NULL AND purpose IN ('serve', 'retry')
),
lowest AS (
  SELECT system_id, MIN(line_us) AS line_us FROM line WHERE metric = 'latency' GROUP BY system_id
)
SELECT
  p.hour_utc AS hour_utc, p.system_id AS system_id, p.arm AS arm, p.currency AS currency,
  CAST(SUM(CASE WHEN counted = 'created' THEN 1 ELSE 0 END) AS BIGINT) AS attempted,
  CAST(SUM(CASE WHEN counted = 'done' AND completed = 1 THEN 1 ELSE 0 END) AS BIGINT) AS completed,
  CAST(SUM(CASE WHEN counted = 'done' AND accepted = 1 THEN 1 ELSE 0 END) AS BIGINT) AS accepted,
  CAST(SUM(CASE WHEN counted = 'done' AND outcome_known = 1 THEN 1 ELSE 0 END) AS BIGINT) AS outcome_known,
  CAST(SUM(CASE WHEN counted = 'done' AND reopened = 1 THEN 1 ELSE 0 END) AS BIGINT) AS reopened,
  CAST(SUM(CASE WHEN counted = 'done' AND escalated = 1 THEN 1 ELSE 0 END) AS BIGINT) AS escalated,
  CAST(SUM(CASE WHEN counted = 'done' AND handling_us >= 0 THEN 1 ELSE 0 END) AS BIGINT) AS handling_n,
  CAST(COALESCE(SUM(CASE WHEN counted = 'done' AND handling_us >= 0 THEN handling_us END), 0) AS DECIMAL(38,0)) AS handling_us,
  CAST(SUM(CASE WHEN counted = 'done' AND cycle_us >= 0 THEN 1 ELSE 0 END) AS BIGINT) AS cycle_n,
  CAST(COALESCE(SUM(CASE WHEN counted = 'done' AND cycle_us >= 0 THEN cycle_us END), 0) AS DECIMAL(38,0)) AS cycle_us,
  CAST(SUM(CASE WHEN counted = 'done' AND latency_us >= 0 THEN 1 ELSE 0 END) AS BIGINT) AS latency_n,
  CAST(COALESCE(SUM(CASE WHEN counted = 'done' AND latency_us >= 0 THEN latency_us END), 0) AS DECIMAL(38,0)) AS latency_us,
  CAST(SUM(
    CASE WHEN counted = 'done' AND latency_us >= 0 AND latency_us < line_us THEN 1 ELSE 0 END
  ) AS BIGINT) AS latency_under,
  CAST(SUM(CASE WHEN counted = 'settled' THEN 1 ELSE 0 END) AS BIGINT) AS settled,
  CAST(SUM(CASE WHEN counted = 'settled' AND failed = 1 THEN 1 ELSE 0 END) AS BIGINT) AS failed,
  CAST(SUM(CASE WHEN counted = 'settled' AND fallback = 1 THEN 1 ELSE 0 END) AS BIGINT) AS fallback,
  CAST(SUM(CASE WHEN counted = 'settled' AND cost IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS cost_n,
  CAST(COALESCE(SUM(CASE WHEN counted = 'settled' THEN cost END), 0) AS DECIMAL(38,12)) AS cost,
  CAST(SUM(CASE WHEN counted = 'unlinked' THEN 1 ELSE 0 END) AS BIGINT) AS unlinked_calls,
  CAST(SUM(CASE WHEN counted = 'unlinked' AND cost IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS unlinked_priced,
  CAST(COALESCE(SUM(CASE WHEN counted = 'unlinked' THEN cost END), 0) AS DECIMAL(38,12)) AS unlinked_cost,
  CAST(SUM(CASE WHEN counted = 'call' THEN 1 ELSE 0 END) AS BIGINT) AS calls,
  CAST(SUM(tokens_n) AS BIGINT) AS tokens_n,
  CAST(SUM(input_tokens) AS BIGINT) AS input_tokens,
  CAST(SUM(output_tokens) AS BIGINT) AS output_tokens
FROM part AS p
LEFT JOIN lowest AS l ON l.system_id = p.system_id
GROUP BY p.hour_utc, p.system_id, p.arm, p.currency
