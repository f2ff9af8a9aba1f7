-- title: Local days on which each system was given tasks
-- params: from_day date, to_day date, systems text[]
-- columns: system_id text, day_local date
-- note: A day without any is not in it.
SELECT r.system_id AS system_id, r.day_local AS day_local
FROM rollup_day AS r
WHERE r.system_id = ANY(CAST(:systems AS TEXT[])) AND r.day_local >= :from_day AND r.day_local < :to_day AND r.attempted > 0
GROUP BY r.system_id, r.day_local
ORDER BY r.system_id NULLS LAST, r.day_local NULLS LAST
