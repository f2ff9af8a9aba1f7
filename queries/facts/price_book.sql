-- title: The price of one token, by the days on which it holds
-- params: none
-- columns: provider text, model text, token_class text, valid_from date, valid_to date, per_token decimal, currency text
-- note: As a refresh holds it: a price ends with its own end or the next one's start. It is a part of other queries.
SELECT
  b.provider AS provider, b.model AS model, b.token_class AS token_class, b.valid_from AS valid_from,
  b.valid_to AS valid_to,
  CAST(CAST(b.price AS DOUBLE PRECISION) / NULLIF(CAST(b.unit_tokens AS DOUBLE PRECISION), 0) AS DECIMAL(38,18)) AS per_token,
  b.currency AS currency
FROM (
  SELECT
    COALESCE(p.provider, '') AS provider, p.model AS model, p.token_class AS token_class, p.valid_from AS valid_from,
    LEAST(
      COALESCE(p.valid_to, DATE '9999-01-01'),
      COALESCE(
        LEAD(p.valid_from) OVER (PARTITION BY COALESCE(p.provider, ''), p.model, p.token_class ORDER BY p.valid_from NULLS LAST),
        DATE '9999-01-01'
      )
    ) AS valid_to,
    p.price AS price, p.unit_tokens AS unit_tokens, p.currency AS currency
  FROM src_prices AS p
  WHERE p.unit_tokens > 0
) AS b
WHERE b.valid_to > b.valid_from
ORDER BY b.provider NULLS LAST, b.model NULLS LAST, b.token_class NULLS LAST, b.valid_from NULLS LAST
