-- title: Charges per system, component and month, accrued; the invoices of model calls are left out
-- params: none
-- columns: system_id text, component text, currency text, month_start date, n bigint, effective_n bigint,
--   effective_cost decimal
-- note: A charge belongs to the month in which the day after its first local day lies: months begin at midnight UTC,
--   which may be the evening before. Each call carries its own cost, so that its invoice would count twice.
SELECT
  c.system_id AS system_id, c.component AS component, c.currency AS currency, d.month_start AS month_start,
  CAST(SUM(c.n) AS BIGINT) AS n, CAST(SUM(c.effective_n) AS BIGINT) AS effective_n,
  CAST(SUM(c.effective_cost) AS DECIMAL(38,12)) AS effective_cost
FROM cost_day AS c
JOIN calendar_day AS d ON d.day_local = c.day_local + 1
WHERE c.component <> 'inference' AND c.system_id <> ''
GROUP BY c.system_id, c.component, c.currency, d.month_start
ORDER BY c.system_id NULLS LAST, c.component NULLS LAST, c.currency NULLS LAST, d.month_start NULLS LAST
