-- title: Token prices with their dates
-- params: none
-- columns: provider text, model text, token_class text, unit_tokens bigint, price decimal, currency text,
--   valid_from date, valid_to date
-- note: As they were loaded. A price holds from its first day until before valid_to, or until the next one of its key.
SELECT
  COALESCE(p.provider, '') AS provider, p.model AS model, p.token_class AS token_class, p.unit_tokens AS unit_tokens,
  p.price AS price, p.currency AS currency, p.valid_from AS valid_from, p.valid_to AS valid_to
FROM prices AS p
WHERE p.unit_tokens > 0
ORDER BY COALESCE(p.provider, '') NULLS LAST, p.model NULLS LAST, p.token_class NULLS LAST, p.valid_from NULLS LAST,
  p.valid_to NULLS LAST
