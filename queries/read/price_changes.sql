-- title: Days on which the price of a model changed that a system calls
-- params: none
-- columns: system_id text, provider text, model text, changed_on date, risen bigint, fallen bigint
-- note: Counts the token classes whose price per token rose and fell. A first price is no change.
SELECT
  c.system_id AS system_id, p.provider AS provider, p.model AS model, p.valid_from AS changed_on,
  CAST(SUM(CASE WHEN p.price * b.unit_tokens > b.price * p.unit_tokens THEN 1 ELSE 0 END) AS BIGINT) AS risen,
  CAST(SUM(CASE WHEN p.price * b.unit_tokens < b.price * p.unit_tokens THEN 1 ELSE 0 END) AS BIGINT) AS fallen
FROM (
  SELECT
    n.provider, n.model, n.token_class, n.currency, n.unit_tokens, n.price, n.valid_from,
    MAX(o.valid_from) AS before_from
  FROM prices AS n
  JOIN prices AS o
    ON o.provider = n.provider AND o.model = n.model AND o.token_class = n.token_class AND o.currency = n.currency
      AND o.valid_from < n.valid_from
  GROUP BY n.provider, n.model, n.token_class, n.currency, n.unit_tokens, n.price, n.valid_from
) AS p
JOIN prices AS b
  ON b.provider = p.provider AND b.model = p.model AND b.token_class = p.token_class AND b.currency = p.currency
    AND b.valid_from = p.before_from
JOIN (SELECT DISTINCT r.system_id, r.provider, r.model FROM call_day AS r) AS c
  ON c.provider = p.provider AND c.model = p.model
WHERE p.price * b.unit_tokens <> b.price * p.unit_tokens
GROUP BY c.system_id, p.provider, p.model, p.valid_from
ORDER BY c.system_id NULLS LAST, p.valid_from NULLS LAST, p.provider NULLS LAST, p.model NULLS LAST
