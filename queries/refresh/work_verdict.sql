-- title: The latest verdict per task, metric and judge, for the completed tasks among those
-- params: none
-- columns: system_id text, task_id text, task_type text, arm text, release_id text, done_hour timestamp, done_day date,
--   metric text, judge text, review_reason text, outcome boolean, weight bigint, created_epoch bigint
-- note: weight = 1 / sampling_prob in billionths, NULL where the probability is not stated or not in (0, 1].
SELECT
  v.system_id AS system_id, v.task_id AS task_id, v.task_type AS task_type, v.arm AS arm, v.release_id AS release_id,
  v.done_hour AS done_hour, v.done_day AS done_day, v.metric AS metric, v.judge AS judge,
  v.review_reason AS review_reason, v.outcome AS outcome, v.weight AS weight, v.created_epoch AS created_epoch
FROM (
  SELECT
    w.system_id AS system_id, w.task_id AS task_id, w.task_type AS task_type, w.arm AS arm, w.release_id AS release_id,
    w.done_hour AS done_hour, w.done_day AS done_day, v.metric AS metric, v.judge AS judge,
    COALESCE(v.review_reason, '') AS review_reason, v.outcome AS outcome, v.created_epoch AS created_epoch,
    CASE
      WHEN v.sampling_prob > 0 AND v.sampling_prob <= 1
        THEN CAST(FLOOR(CAST(1000000000 AS DOUBLE PRECISION) / CAST(v.sampling_prob AS DOUBLE PRECISION)
          + CAST(0.5 AS DOUBLE PRECISION)) AS BIGINT)
    END AS weight,
    ROW_NUMBER() OVER (
      PARTITION BY v.system_id, v.task_id, v.metric, v.judge
      ORDER BY v.created_at DESC NULLS LAST, v.ingested_at DESC NULLS LAST, v.verdict_id DESC NULLS LAST
    ) AS latest
  FROM work_task AS w
  JOIN src_verdicts AS v ON v.system_id = w.system_id AND v.task_id = w.task_id
  WHERE w.completed = 1 AND w.done_hour IS NOT NULL
) AS v
WHERE v.latest = 1
