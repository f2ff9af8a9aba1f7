-- title: Budgets per system and month
-- params: none
-- columns: system_id text, month date, volume double, amount decimal, currency text
-- note: volume is in tasks that come in; NULL where only an amount was budgeted.
SELECT
  b.system_id AS system_id, b.month AS month, CAST(b.volume AS DOUBLE PRECISION) AS volume, b.amount AS amount,
  COALESCE(b.currency, '') AS currency
FROM budgets AS b
ORDER BY b.system_id NULLS LAST, b.month NULLS LAST
