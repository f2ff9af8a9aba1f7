-- title: Charges by invoice, with the period in which they were billed and the days that they are for
-- params: months text[], from_day date, to_day date
-- columns: invoice_id text, source text, system_id text, component text, service_name text, charge_category text,
--   charge_class text, billing_period text, currency text, start_day date, end_day date, n bigint, billed_cost decimal,
--   effective_n bigint, effective_cost decimal
-- note: Those that were billed in one of the months (2026-10), or that are for any of the days; end_day is not in them. A
--   charge without a billing period was billed in the month of its first day: the caller says which that is.
SELECT
  c.invoice_id AS invoice_id, c.source AS source, c.system_id AS system_id, c.component AS component,
  c.service_name AS service_name, c.charge_category AS charge_category, c.charge_class AS charge_class,
  c.billing_period AS billing_period, c.currency AS currency, c.start_day AS start_day, c.end_day AS end_day,
  CAST(SUM(c.n) AS BIGINT) AS n, CAST(SUM(c.billed_cost) AS DECIMAL(38,12)) AS billed_cost,
  CAST(SUM(c.effective_n) AS BIGINT) AS effective_n,
  CAST(SUM(c.effective_cost) AS DECIMAL(38,12)) AS effective_cost
FROM cost_day AS c
WHERE SUBSTRING(c.billing_period, 1, 7) = ANY(CAST(:months AS TEXT[]))
  OR (c.start_day < :to_day AND GREATEST(c.end_day, c.start_day + 1) > :from_day)
GROUP BY c.invoice_id, c.source, c.system_id, c.component, c.service_name, c.charge_category, c.charge_class,
  c.billing_period, c.currency, c.start_day, c.end_day
ORDER BY c.invoice_id NULLS LAST, c.source NULLS LAST, c.system_id NULLS LAST, c.component NULLS LAST,
  c.service_name NULLS LAST, c.charge_category NULLS LAST, c.charge_class NULLS LAST, c.billing_period NULLS LAST,
  c.currency NULLS LAST, c.start_day NULLS LAST, c.end_day NULLS LAST
