-- title: One row per task with every measure, each from one source only
-- params: settle_us bigint
-- columns: system_id text, task_id text, task_type text, arm text, release_id text, currency text, completed bigint,
--   created_hour timestamp, created_day date, done_hour timestamp, done_day date, settled_hour timestamp, settled_day date,
--   outcome_known bigint, accepted bigint, unaided bigint, autonomous bigint, reopened bigint, escalated bigint,
--   escalation_outcome text, failed bigint, fallback bigint, review_due bigint, review_prob double,
--   handling_us bigint, cycle_us bigint, latency_us bigint, human_us bigint, cost decimal
-- note: Cost: the task's own, else the sum of its calls' recorded amounts, else tokens at dated prices; never mixed. A
--   shadow call beside a served task is evaluation, and in neither its cost nor its time.
--   Human time: human_work, else human_seconds. Handling: its own, else people plus AI; without people's time an assisted or
--   human task has no handling time. Durations below zero stay, and are counted as bad by the rollups.
WITH call AS (
  SELECT
    c.system_id AS system_id, c.task_id AS task_id,
    COUNT(*) AS calls, COUNT(c.recorded) AS recorded_n, SUM(c.recorded) AS recorded,
    MAX(c.recorded_currency) AS recorded_currency, MIN(c.recorded_currency) AS recorded_other,
    COUNT(c.priced) AS priced_n, SUM(c.priced) AS priced,
    MAX(c.priced_currency) AS priced_currency, MIN(c.priced_currency) AS priced_other,
    SUM(c.tokens) AS tokens, SUM(c.duration_us) AS duration_us
  FROM work_call AS c
  JOIN work_task AS w ON w.system_id = c.system_id AND w.task_id = c.task_id
  WHERE c.purpose IN ('serve', 'retry') OR (c.purpose = 'shadow' AND w.arm = 'shadow')
  GROUP BY c.system_id, c.task_id
),
person AS (
  SELECT system_id, task_id, SUM(worked_us) AS worked_us
  FROM work_person
  GROUP BY system_id, task_id
),
correction AS (
  SELECT f.system_id AS system_id, f.task_id AS task_id, MIN(f.at_epoch) AS at_epoch
  FROM (
    SELECT w.system_id AS system_id, w.task_id AS task_id, h.started_epoch AS at_epoch
    FROM work_task AS w
    JOIN src_human_work AS h ON h.system_id = w.system_id AND h.task_id = w.task_id
    WHERE h.activity = 'rework' AND h.started_epoch >= w.completed_epoch
    UNION ALL
    SELECT w.system_id AS system_id, w.task_id AS task_id, v.created_epoch AS at_epoch
    FROM work_task AS w
    JOIN work_verdict AS v ON v.system_id = w.system_id AND v.task_id = w.task_id
    WHERE v.judge = 'downstream' AND v.outcome = FALSE AND v.created_epoch >= w.completed_epoch
  ) AS f
  GROUP BY f.system_id, f.task_id
),
fact AS (
  SELECT
    w.system_id AS system_id, w.task_id AS task_id, w.task_type AS task_type, w.arm AS arm, w.release_id AS release_id,
    w.completed AS completed, w.created_hour AS created_hour, w.created_day AS created_day, w.done_hour AS done_hour,
    w.done_day AS done_day, w.settled_hour AS settled_hour, w.settled_day AS settled_day, w.outcome AS outcome,
    w.escalated AS escalated, w.escalation_outcome AS escalation_outcome, w.review_due AS review_due,
    w.review_prob AS review_prob, w.completed_epoch - w.created_epoch AS cycle_us, w.latency_us AS latency_us,
    CASE WHEN p.task_id IS NOT NULL THEN CAST(p.worked_us AS BIGINT) ELSE w.human_us END AS human_us,
    w.handling_us AS own_handling_us, CAST(COALESCE(c.duration_us, w.latency_us) AS BIGINT) AS ai_us,
    CASE WHEN w.cost_amount = 0 AND c.tokens > 0 THEN NULL ELSE w.cost_amount END AS own_cost,
    w.cost_currency AS own_currency,
    CASE WHEN c.recorded_n = c.calls AND c.recorded_currency = c.recorded_other THEN c.recorded END AS recorded,
    c.recorded_currency AS recorded_currency,
    CASE WHEN c.priced_n = c.calls AND c.priced_currency = c.priced_other THEN c.priced END AS priced,
    c.priced_currency AS priced_currency,
    CASE
      WHEN w.reopened_epoch IS NULL THEN x.at_epoch
      WHEN x.at_epoch IS NULL OR w.reopened_epoch <= x.at_epoch THEN w.reopened_epoch
      ELSE x.at_epoch
    END AS undone_epoch,
    w.completed_epoch AS completed_epoch
  FROM work_task AS w
  LEFT JOIN call AS c ON c.system_id = w.system_id AND c.task_id = w.task_id
  LEFT JOIN person AS p ON p.system_id = w.system_id AND p.task_id = w.task_id
  LEFT JOIN correction AS x ON x.system_id = w.system_id AND x.task_id = w.task_id
)
SELECT
  f.system_id AS system_id, f.task_id AS task_id, f.task_type AS task_type, f.arm AS arm, f.release_id AS release_id,
  CASE
    WHEN f.own_cost IS NOT NULL THEN f.own_currency
    WHEN f.recorded IS NOT NULL THEN f.recorded_currency
    WHEN f.priced IS NOT NULL THEN f.priced_currency
    ELSE ''
  END AS currency,
  f.completed AS completed, f.created_hour AS created_hour, f.created_day AS created_day,
  CASE WHEN f.completed = 1 THEN f.done_hour END AS done_hour, CASE WHEN f.completed = 1 THEN f.done_day END AS done_day,
  f.settled_hour AS settled_hour, f.settled_day AS settled_day,
  CASE WHEN f.outcome IS NULL THEN 0 ELSE 1 END AS outcome_known,
  CASE
    WHEN f.completed = 1 AND f.outcome = 'resolved'
      AND (f.undone_epoch IS NULL OR f.undone_epoch > f.completed_epoch + :settle_us) THEN 1
    ELSE 0
  END AS accepted,
  CASE WHEN COALESCE(f.human_us, 0) = 0 AND f.arm = 'ai_auto' THEN 1 ELSE 0 END AS unaided,
  CASE WHEN f.completed = 1 AND f.arm = 'ai_auto' AND COALESCE(f.human_us, 0) = 0 THEN 1 ELSE 0 END AS autonomous,
  CASE WHEN f.completed = 1 AND f.undone_epoch IS NOT NULL THEN 1 ELSE 0 END AS reopened,
  f.escalated AS escalated, f.escalation_outcome AS escalation_outcome,
  CASE WHEN f.outcome = 'failed' THEN 1 ELSE 0 END AS failed,
  CASE WHEN f.outcome = 'fallback' THEN 1 ELSE 0 END AS fallback,
  f.review_due AS review_due, f.review_prob AS review_prob,
  CASE
    WHEN f.own_handling_us IS NOT NULL THEN f.own_handling_us
    WHEN f.human_us IS NOT NULL THEN f.human_us + COALESCE(f.ai_us, 0)
    WHEN f.arm IN ('ai_auto', 'shadow') THEN f.ai_us
  END AS handling_us,
  f.cycle_us AS cycle_us, f.latency_us AS latency_us, f.human_us AS human_us,
  CAST(COALESCE(f.own_cost, f.recorded, f.priced) AS DECIMAL(38,12)) AS cost
FROM fact AS f
