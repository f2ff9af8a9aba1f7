-- title: Charges by system, component and the days that they are for
-- params: none
-- columns: system_id text, component text, charge_category text, charge_class text, service_name text, source text,
--   allocation_key text, currency text, start_day date, end_day date, n bigint, billed_cost decimal, effective_n bigint,
--   effective_cost decimal
-- note: end_day is not in it. effective_cost accrues over the days, billed_cost is what an invoice says; effective_n of
--   the n charges state the former. A charge without a system is shared.
SELECT
  c.system_id AS system_id, c.component AS component, c.charge_category AS charge_category,
  c.charge_class AS charge_class, c.service_name AS service_name, c.source AS source, c.allocation_key AS allocation_key,
  c.currency AS currency, c.start_day AS start_day, c.end_day AS end_day, CAST(SUM(c.n) AS BIGINT) AS n,
  CAST(SUM(c.billed_cost) AS DECIMAL(38,12)) AS billed_cost, CAST(SUM(c.effective_n) AS BIGINT) AS effective_n,
  CAST(SUM(c.effective_cost) AS DECIMAL(38,12)) AS effective_cost
FROM cost_day AS c
GROUP BY c.system_id, c.component, c.charge_category, c.charge_class, c.service_name, c.source, c.allocation_key,
  c.currency, c.start_day, c.end_day
ORDER BY c.start_day NULLS LAST, c.end_day NULLS LAST, c.system_id NULLS LAST, c.component NULLS LAST,
  c.source NULLS LAST, c.service_name NULLS LAST, c.charge_category NULLS LAST, c.charge_class NULLS LAST,
  c.allocation_key NULLS LAST, c.currency NULLS LAST
