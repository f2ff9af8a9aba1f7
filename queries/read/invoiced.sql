-- title: Per system and month: what its calls add up to, and what was invoiced for them
-- params: none
-- columns: system_id text, month_start date, currency text, calls bigint, priced bigint, called decimal, billed decimal
-- note: Invoices are the charges of the component inference, in the month of the first day that they are for. Providers
--   invoice the calls of a month of UTC, so that calls count in theirs, whatever their local day is.
WITH called AS (
  SELECT
    c.system_id AS system_id, c.bill_month AS month_start, c.currency AS currency,
    SUM(c.calls) AS calls, SUM(c.cost_n) AS priced, SUM(c.cost) AS called, CAST(0 AS DECIMAL(38,12)) AS billed
  FROM call_day AS c
  GROUP BY c.system_id, c.bill_month, c.currency
),
billed AS (
  SELECT
    c.system_id AS system_id, d.month_start AS month_start, c.currency AS currency,
    CAST(0 AS DECIMAL(38,0)) AS calls, CAST(0 AS DECIMAL(38,0)) AS priced, CAST(0 AS DECIMAL(38,12)) AS called,
    SUM(c.billed_cost) AS billed
  FROM cost_day AS c
  JOIN calendar_day AS d ON d.day_local = c.start_day
  WHERE c.component = 'inference' AND c.system_id <> ''
  GROUP BY c.system_id, d.month_start, c.currency
),
both_sides AS (
  SELECT system_id, month_start, currency, CAST(calls AS DECIMAL(38,0)) AS calls, CAST(priced AS DECIMAL(38,0)) AS priced, called, billed
  FROM called
  UNION ALL
  SELECT system_id, month_start, currency, calls, priced, called, billed FROM billed
)
SELECT
  system_id, month_start, currency,
  CAST(SUM(calls) AS BIGINT) AS calls, CAST(SUM(priced) AS BIGINT) AS priced,
  CAST(SUM(called) AS DECIMAL(38,12)) AS called, CAST(SUM(billed) AS DECIMAL(38,12)) AS billed
FROM both_sides
GROUP BY system_id, month_start, currency
HAVING SUM(billed) <> 0
ORDER BY system_id NULLS LAST, month_start NULLS LAST, currency NULLS LAST
