-- title: State of the last refresh
-- params: none
-- columns: name text, value text
SELECT s.name AS name, s.value AS value
FROM refresh_state AS s
ORDER BY s.name NULLS LAST
