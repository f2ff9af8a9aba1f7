-- title: What a microsecond of a role's work costs, by the days on which it holds
-- params: none
-- columns: role text, valid_from date, valid_to date, per_us decimal, currency text
-- note: As a refresh holds it: a rate ends with its own end or the next one's start. It is a part of other queries.
SELECT
  b.role AS role, b.valid_from AS valid_from, b.valid_to AS valid_to,
  CAST(CAST(b.hourly_amount AS DOUBLE PRECISION) / CAST(3600000000 AS DOUBLE PRECISION) AS DECIMAL(38,24)) AS per_us,
  b.currency AS currency
FROM (
  SELECT
    r.role AS role, r.valid_from AS valid_from,
    LEAST(
      COALESCE(r.valid_to, DATE '9999-01-01'),
      COALESCE(LEAD(r.valid_from) OVER (PARTITION BY r.role ORDER BY r.valid_from NULLS LAST), DATE '9999-01-01')
    ) AS valid_to,
    r.hourly_amount AS hourly_amount, r.currency AS currency
  FROM src_rate_card AS r
) AS b
WHERE b.valid_to > b.valid_from
ORDER BY b.role NULLS LAST, b.valid_from NULLS LAST
