-- title: Charges behind a figure
-- params: systems text[], lo timestamp, hi timestamp
-- columns: charge_id text, system_id text, component text, service_name text, charge_category text, allocation_key text,
--   charge_start timestamp, charge_end timestamp, effective_cost decimal, currency text, invoice_id text, load_id text,
--   charges bigint
-- note: Those of some systems, and the shared ones ('' = of no one system), that accrue within the range; at most 50, the
--   largest first. `charges` is how many there are.
SELECT
  c.charge_id AS charge_id, COALESCE(c.system_id, '') AS system_id, COALESCE(c.component, '') AS component,
  COALESCE(c.service_name, '') AS service_name, COALESCE(c.charge_category, '') AS charge_category,
  COALESCE(c.allocation_key, '') AS allocation_key, c.charge_start AS charge_start, c.charge_end AS charge_end,
  c.effective_cost AS effective_cost, COALESCE(c.currency, '') AS currency, COALESCE(c.invoice_id, '') AS invoice_id,
  COALESCE(c.load_id, '') AS load_id, CAST(COUNT(*) OVER () AS BIGINT) AS charges
FROM src_costs AS c
WHERE c.charge_start < :hi AND c.charge_end > :lo AND c.effective_cost IS NOT NULL
  AND (c.system_id IS NULL OR c.system_id = '' OR c.system_id = ANY(CAST(:systems AS TEXT[])))
ORDER BY ABS(c.effective_cost) DESC NULLS LAST, c.charge_id NULLS LAST
LIMIT 50
