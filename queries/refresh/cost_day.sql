-- title: Charges per local day of their start
-- params: none
-- columns: day_local date, system_id text, component text, service_name text, invoice_id text, charge_category text,
--   charge_class text, billing_period text, allocation_key text, source text, currency text, n bigint,
--   billed_cost decimal, effective_n bigint, effective_cost decimal
SELECT
  h.day_local AS day_local, COALESCE(c.system_id, '') AS system_id, COALESCE(c.component, '') AS component,
  COALESCE(c.service_name, '') AS service_name, COALESCE(c.invoice_id, '') AS invoice_id,
  COALESCE(c.charge_category, '') AS charge_category, COALESCE(c.charge_class, '') AS charge_class,
  COALESCE(c.billing_period, '') AS billing_period, COALESCE(c.allocation_key, '') AS allocation_key,
  COALESCE(c.source, '') AS source, COALESCE(c.currency, '') AS currency, CAST(COUNT(*) AS BIGINT) AS n,
  CAST(COALESCE(SUM(c.billed_cost), 0) AS DECIMAL(38,12)) AS billed_cost,
  CAST(COUNT(c.effective_cost) AS BIGINT) AS effective_n,
  CAST(COALESCE(SUM(c.effective_cost), 0) AS DECIMAL(38,12)) AS effective_cost
FROM src_costs AS c
JOIN calendar_hour AS h
  ON date_trunc('hour', c.charge_start) = h.hour_utc AND c.charge_start >= h.from_utc AND c.charge_start < h.to_utc
WHERE h.day_local IS NOT NULL
GROUP BY h.day_local, COALESCE(c.system_id, ''), COALESCE(c.component, ''), COALESCE(c.service_name, ''),
  COALESCE(c.invoice_id, ''), COALESCE(c.charge_category, ''), COALESCE(c.charge_class, ''),
  COALESCE(c.billing_period, ''), COALESCE(c.allocation_key, ''), COALESCE(c.source, ''), COALESCE(c.currency, '')
