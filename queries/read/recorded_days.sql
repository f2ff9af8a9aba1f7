-- title: How much was recorded on each local day
-- params: from_day date, to_day date, systems text[]
-- columns: day_local date, recorded bigint
-- note: Tasks attempted, completed or settled, and calls tied to no task. A day without any is not in it.
SELECT
  r.day_local AS day_local,
  CAST(SUM(COALESCE(r.attempted, 0) + COALESCE(r.completed, 0) + COALESCE(r.settled, 0) + COALESCE(r.unlinked_calls, 0)) AS BIGINT)
    AS recorded
FROM rollup_day AS r
WHERE r.system_id = ANY(CAST(:systems AS TEXT[])) AND r.day_local >= :from_day AND r.day_local < :to_day
GROUP BY r.day_local
HAVING SUM(COALESCE(r.attempted, 0) + COALESCE(r.completed, 0) + COALESCE(r.settled, 0) + COALESCE(r.unlinked_calls, 0)) > 0
ORDER BY r.day_local NULLS LAST
