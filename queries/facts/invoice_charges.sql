-- title: The charges of one invoice, as they were loaded
-- params: invoice_id text
-- columns: charge_id text, system_id text, component text, service_name text, charge_category text, charge_class text,
--   charge_start timestamp, charge_end timestamp, billed_cost decimal, effective_cost decimal, currency text, load_id text
-- note: At most 200, the largest first.
SELECT
  c.charge_id AS charge_id, COALESCE(c.system_id, '') AS system_id, COALESCE(c.component, '') AS component,
  COALESCE(c.service_name, '') AS service_name, COALESCE(c.charge_category, '') AS charge_category,
  COALESCE(c.charge_class, '') AS charge_class, c.charge_start AS charge_start, c.charge_end AS charge_end,
  c.billed_cost AS billed_cost, c.effective_cost AS effective_cost, COALESCE(c.currency, '') AS currency,
  COALESCE(c.load_id, '') AS load_id
FROM src_costs AS c
WHERE c.invoice_id = :invoice_id
ORDER BY ABS(c.billed_cost) DESC NULLS LAST, c.charge_id NULLS LAST
LIMIT 200
