-- title: The hours of a range in which a task was created or completed, or a call was made
-- params: lo timestamp, hi timestamp
-- columns: hour_utc timestamp, from_utc timestamp, to_utc timestamp, day_local date, bill_month date
-- note: Stands in for the hours that a refresh plans, where one day is read: day_local says only that a row lies in the
--   range. It is a part of other queries.
SELECT
  h.hour_utc AS hour_utc, CAST(:lo AS TIMESTAMP) AS from_utc, CAST(:hi AS TIMESTAMP) AS to_utc,
  CAST(CAST(:lo AS TIMESTAMP) AS DATE) AS day_local, CAST(CAST(:lo AS TIMESTAMP) AS DATE) AS bill_month
FROM (
  SELECT date_trunc('hour', t.created_at) AS hour_utc
  FROM src_tasks AS t
  WHERE t.created_seek >= :lo AND t.created_seek < :hi
  UNION
  SELECT date_trunc('hour', t.completed_at) AS hour_utc
  FROM src_tasks AS t
  WHERE t.completed_seek >= :lo AND t.completed_seek < :hi
  UNION
  SELECT date_trunc('hour', c.started_at) AS hour_utc
  FROM src_model_calls AS c
  WHERE c.started_seek >= :lo AND c.started_seek < :hi
) AS h
ORDER BY h.hour_utc NULLS LAST
