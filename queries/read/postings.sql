-- title: What the ledger holds on the accounts of AI cost, by month and invoice
-- params: accounts text[], derived bigint
-- columns: account text, month date, invoice_id text, currency text, amount decimal
-- note: The named accounts; with derived = 1 also those on which an invoice of the charges was ever posted. A posting without
--   an invoice has the invoice ''.
SELECT
  g.account AS account, g.month AS month, COALESCE(g.invoice_id, '') AS invoice_id, g.currency AS currency,
  CAST(SUM(g.amount) AS DECIMAL(38,12)) AS amount
FROM ledger AS g
WHERE g.account = ANY(CAST(:accounts AS TEXT[]))
  OR (
    CAST(:derived AS BIGINT) = 1
    AND g.account IN (
      SELECT p.account FROM ledger AS p JOIN cost_day AS c ON c.invoice_id = p.invoice_id WHERE p.invoice_id <> ''
    )
  )
GROUP BY g.account, g.month, COALESCE(g.invoice_id, ''), g.currency
ORDER BY g.account NULLS LAST, g.month NULLS LAST, COALESCE(g.invoice_id, '') NULLS LAST, g.currency NULLS LAST
