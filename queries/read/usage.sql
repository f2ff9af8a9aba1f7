-- title: What model calls cost by our own prices: by the month of UTC, as providers invoice, and by local days
-- params: from_month date, to_month date, from_day date, to_day date, own_currency text
-- columns: system_id text, provider text, bill_month date, currency text, rate_day date, calls bigint, priced bigint,
--   cost decimal, local_cost decimal, local_tests decimal, shadow_people decimal
-- note: calls, priced and cost count the calls of the months, local_cost those of the local days,
--   local_tests those of them that belong to tests. Money in another
--   currency than own_currency comes per day (rate_day). shadow_people is people's work on shadow rows of the days: part
--   of evaluation, and of no invoice; its provider is ''.
WITH dated AS (
  SELECT
    c.system_id AS system_id, c.provider AS provider, c.bill_month AS bill_month, c.currency AS currency,
    CASE WHEN c.currency IN ('', CAST(:own_currency AS TEXT)) THEN c.bill_month ELSE c.day_local END AS rate_day,
    CASE WHEN c.bill_month >= :from_month AND c.bill_month < :to_month THEN 1 ELSE 0 END AS in_months,
    CASE WHEN c.day_local >= :from_day AND c.day_local < :to_day THEN 1 ELSE 0 END AS in_days,
    c.calls AS calls, c.cost_n AS cost_n, c.cost AS cost,
    CASE WHEN c.purpose = 'test' THEN 1 ELSE 0 END AS test, CAST(0 AS DECIMAL(38,12)) AS people
  FROM call_day AS c
  UNION ALL
  SELECT
    r.system_id, '' AS provider, CAST(:from_month AS DATE) AS bill_month, r.currency,
    CASE WHEN r.currency IN ('', CAST(:own_currency AS TEXT)) THEN CAST(:from_month AS DATE) ELSE r.day_local END AS rate_day,
    0 AS in_months, 1 AS in_days, 0 AS calls, 0 AS cost_n, CAST(0 AS DECIMAL(38,12)) AS cost, 0 AS test,
    r.people_cost AS people
  FROM rollup_day AS r
  WHERE r.arm = 'shadow' AND r.people_cost <> 0 AND r.day_local >= :from_day AND r.day_local < :to_day
)
SELECT
  d.system_id AS system_id, d.provider AS provider, d.bill_month AS bill_month, d.currency AS currency,
  d.rate_day AS rate_day, CAST(SUM(d.in_months * d.calls) AS BIGINT) AS calls,
  CAST(SUM(d.in_months * d.cost_n) AS BIGINT) AS priced, CAST(SUM(d.in_months * d.cost) AS DECIMAL(38,12)) AS cost,
  CAST(SUM(d.in_days * d.cost) AS DECIMAL(38,12)) AS local_cost,
  CAST(SUM(d.in_days * d.test * d.cost) AS DECIMAL(38,12)) AS local_tests, CAST(SUM(d.people) AS DECIMAL(38,12)) AS shadow_people
FROM dated AS d
WHERE d.in_months = 1 OR d.in_days = 1
GROUP BY d.system_id, d.provider, d.bill_month, d.currency, d.rate_day
ORDER BY d.system_id NULLS LAST, d.provider NULLS LAST, d.bill_month NULLS LAST, d.currency NULLS LAST,
  d.rate_day NULLS LAST
