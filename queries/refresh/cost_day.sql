-- title: Charges per local day of their start, with the days that they are for
-- params: none
-- columns: day_local date, start_day date, end_day date, system_id text, component text, service_name text,
--   invoice_id text, charge_category text, charge_class text, billing_period text, allocation_key text, source text,
--   currency text, n bigint, billed_cost decimal, effective_n bigint, effective_cost decimal
-- note: end_day is not in it. A charge for whole UTC days, as providers bill, keeps their dates; any other is for the
--   local days that it touches. A last day of which it covers no more than an hour is none: days of 23 and 25 hours.
WITH charge AS (
  SELECT
    h.day_local AS day_local,
    CASE
      WHEN c.charge_start = date_trunc('day', c.charge_start) AND c.charge_end = date_trunc('day', c.charge_end)
        AND c.charge_end > c.charge_start THEN 1
      ELSE 0
    END AS whole_days,
    CAST(c.charge_start AS DATE) AS utc_start, CAST(c.charge_end AS DATE) AS utc_end,
    GREATEST(1, CAST(COALESCE(CEIL(
      CAST(c.charge_end_epoch - d.start_epoch - 3600000000 AS DOUBLE PRECISION) / CAST(86400000000 AS DOUBLE PRECISION)
    ), 1) AS INTEGER)) AS local_days,
    COALESCE(c.system_id, '') AS system_id, COALESCE(c.component, '') AS component,
    COALESCE(c.service_name, '') AS service_name, COALESCE(c.invoice_id, '') AS invoice_id,
    COALESCE(c.charge_category, '') AS charge_category, COALESCE(c.charge_class, '') AS charge_class,
    COALESCE(c.billing_period, '') AS billing_period, COALESCE(c.allocation_key, '') AS allocation_key,
    COALESCE(c.source, '') AS source, COALESCE(c.currency, '') AS currency,
    c.billed_cost AS billed_cost, c.effective_cost AS effective_cost
  FROM src_costs AS c
  JOIN calendar_hour AS h
    ON date_trunc('hour', c.charge_start) = h.hour_utc AND c.charge_start >= h.from_utc AND c.charge_start < h.to_utc
  JOIN dirty_day AS d ON d.day_local = h.day_local
),
dated AS (
  SELECT
    day_local,
    CASE WHEN whole_days = 1 THEN utc_start ELSE day_local END AS start_day,
    CASE WHEN whole_days = 1 THEN utc_end ELSE day_local + local_days END AS end_day,
    system_id, component, service_name, invoice_id, charge_category, charge_class, billing_period, allocation_key, source,
    currency, billed_cost, effective_cost
  FROM charge
)
SELECT
  day_local AS day_local, start_day AS start_day, end_day AS end_day, system_id AS system_id, component AS component,
  service_name AS service_name, invoice_id AS invoice_id, charge_category AS charge_category,
  charge_class AS charge_class, billing_period AS billing_period, allocation_key AS allocation_key, source AS source,
  currency AS currency, CAST(COUNT(*) AS BIGINT) AS n,
  CAST(COALESCE(SUM(billed_cost), 0) AS DECIMAL(38,12)) AS billed_cost,
  CAST(COUNT(effective_cost) AS BIGINT) AS effective_n,
  CAST(COALESCE(SUM(effective_cost), 0) AS DECIMAL(38,12)) AS effective_cost
FROM dated
GROUP BY day_local, start_day, end_day, system_id, component, service_name, invoice_id, charge_category, charge_class,
  billing_period, allocation_key, source, currency
