-- title: Balances of named ledger accounts per month, and the months in which the ledger has any posting
-- params: accounts text[]
-- columns: account text, currency text, month date, amount decimal
-- note: Rows without an account say which months the ledger holds: there, an account without a row is 0. The invoices of
--   a month are added up; corrections and reversals count by their sign.
SELECT
  g.account AS account, g.currency AS currency, g.month AS month, CAST(SUM(g.amount) AS DECIMAL(38,12)) AS amount
FROM ledger AS g
WHERE g.account = ANY(CAST(:accounts AS TEXT[]))
GROUP BY g.account, g.currency, g.month
UNION ALL
SELECT '' AS account, '' AS currency, a.month AS month, CAST(0 AS DECIMAL(38,12)) AS amount
FROM ledger AS a
GROUP BY a.month
ORDER BY account NULLS LAST, currency NULLS LAST, month NULLS LAST
