-- title: Hourly rates of people's roles with their dates
-- params: none
-- columns: role text, hourly_amount decimal, currency text, basis text, valid_from date, valid_to date
-- note: As they were loaded. A rate holds from its first day until before valid_to, or until the next one of its role.
SELECT
  r.role AS role, r.hourly_amount AS hourly_amount, r.currency AS currency, COALESCE(r.basis, '') AS basis,
  r.valid_from AS valid_from, r.valid_to AS valid_to
FROM rate_card AS r
ORDER BY r.role NULLS LAST, r.valid_from NULLS LAST
