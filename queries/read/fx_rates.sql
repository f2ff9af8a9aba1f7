-- title: Published exchange rates
-- params: none
-- columns: rate_date date, from_currency text, to_currency text, rate decimal
SELECT f.rate_date AS rate_date, f.from_currency AS from_currency, f.to_currency AS to_currency, f.rate AS rate
FROM fx_rates AS f
ORDER BY f.rate_date NULLS LAST, f.from_currency NULLS LAST, f.to_currency NULLS LAST
