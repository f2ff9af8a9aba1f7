-- title: Systems, task types and currencies that the data holds, and how often each measure is known
-- params: none
-- columns: system_id text, task_type text, currency text, attempted bigint, completed bigint, outcome_known bigint,
--   handling_n bigint, latency_n bigint, reopened bigint, review_due bigint, review_prob_known bigint, people_n bigint,
--   people_priced bigint, cost_n bigint, tokens_n bigint, judged bigint, settled_ai bigint, completed_ai bigint
-- note: Systems that have calls but no tasks are in it with task type ''.
WITH part AS (
  SELECT
    system_id, task_type, currency, attempted, completed, outcome_known, handling_n, latency_n, reopened, review_due,
    review_prob_known, people_n, people_priced, cost_n + unlinked_priced AS cost_n, 0 AS tokens_n, 0 AS judged,
    CASE WHEN arm IN ('ai_auto', 'ai_assisted') THEN settled ELSE 0 END AS settled_ai,
    CASE WHEN arm IN ('ai_auto', 'ai_assisted') THEN completed ELSE 0 END AS completed_ai
  FROM rollup_day
  UNION ALL
  SELECT
    system_id, task_type, currency, 0 AS attempted, 0 AS completed, 0 AS outcome_known, 0 AS handling_n, 0 AS latency_n,
    0 AS reopened, 0 AS review_due, 0 AS review_prob_known, 0 AS people_n, 0 AS people_priced, 0 AS cost_n,
    tokens_n AS tokens_n, 0 AS judged, 0 AS settled_ai, 0 AS completed_ai
  FROM call_day
  WHERE purpose <> 'test'
  UNION ALL
  SELECT
    system_id, task_type, '' AS currency, 0 AS attempted, 0 AS completed, 0 AS outcome_known, 0 AS handling_n,
    0 AS latency_n, 0 AS reopened, 0 AS review_due, 0 AS review_prob_known, 0 AS people_n, 0 AS people_priced,
    0 AS cost_n, 0 AS tokens_n, judged AS judged, 0 AS settled_ai, 0 AS completed_ai
  FROM rollup_verdict_day
)
SELECT
  system_id AS system_id, task_type AS task_type, currency AS currency, CAST(SUM(attempted) AS BIGINT) AS attempted,
  CAST(SUM(completed) AS BIGINT) AS completed, CAST(SUM(outcome_known) AS BIGINT) AS outcome_known,
  CAST(SUM(handling_n) AS BIGINT) AS handling_n, CAST(SUM(latency_n) AS BIGINT) AS latency_n,
  CAST(SUM(reopened) AS BIGINT) AS reopened, CAST(SUM(review_due) AS BIGINT) AS review_due,
  CAST(SUM(review_prob_known) AS BIGINT) AS review_prob_known, CAST(SUM(people_n) AS BIGINT) AS people_n,
  CAST(SUM(people_priced) AS BIGINT) AS people_priced, CAST(SUM(cost_n) AS BIGINT) AS cost_n,
  CAST(SUM(tokens_n) AS BIGINT) AS tokens_n, CAST(SUM(judged) AS BIGINT) AS judged,
  CAST(SUM(settled_ai) AS BIGINT) AS settled_ai, CAST(SUM(completed_ai) AS BIGINT) AS completed_ai
FROM part
GROUP BY system_id, task_type, currency
ORDER BY system_id NULLS LAST, task_type NULLS LAST, currency NULLS LAST
