-- title: What was billed per system, component and month
-- params: systems text[]
-- columns: system_id text, component text, currency text, month_start date, billed decimal
-- note: Cash, not accrual: billed_cost. A charge belongs to the month of the first day that it is for.
SELECT
  c.system_id AS system_id, c.component AS component, c.currency AS currency, d.month_start AS month_start,
  CAST(SUM(c.billed_cost) AS DECIMAL(38,12)) AS billed
FROM cost_day AS c
JOIN calendar_day AS d ON d.day_local = c.start_day
WHERE c.system_id = ANY(CAST(:systems AS TEXT[]))
GROUP BY c.system_id, c.component, c.currency, d.month_start
ORDER BY c.system_id NULLS LAST, c.component NULLS LAST, c.currency NULLS LAST, d.month_start NULLS LAST
