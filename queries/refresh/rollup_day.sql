-- title: Counts, sums and sums of squares per local day and all dimensions
-- params: none
-- columns: day_local date, system_id text, task_type text, arm text, release_id text, currency text, attempted bigint,
--   completed bigint, accepted bigint, accepted_unaided bigint, outcome_known bigint, autonomous bigint, reopened bigint,
--   escalated bigint, escalated_ai_right bigint, escalated_ai_wrong bigint, escalated_out_of_scope bigint,
--   review_due bigint, review_prob_known bigint, review_prob_zero bigint, handling_n bigint, handling_us whole,
--   handling_us2 whole, handling_bad bigint, cycle_n bigint, cycle_us whole, cycle_us2 whole, cycle_bad bigint,
--   latency_n bigint, latency_us whole, latency_us2 whole, latency_bad bigint, human_n bigint, human_us whole,
--   human_us2 whole, settled bigint, failed bigint, fallback bigint, cost_n bigint, cost decimal, cost2 decimal,
--   people_n bigint, people_priced bigint, people_cost decimal, review_cost decimal, escalation_cost decimal,
--   rework_cost decimal, unlinked_calls bigint, unlinked_priced bigint, unlinked_cost decimal, evaluation_calls bigint,
--   evaluation_priced bigint, evaluation_cost decimal
-- note: attempted is counted on the day of creation; failed, fallback and cost on the day of completion, else creation;
--   people's cost likewise, unknown where their rates are in two currencies; calls tied to no task on their own day, and
--   so are evaluation calls: those of a judge, and in shadow beside a served task; all else on the day of completion.
WITH part AS (
  SELECT
    'created' AS counted, created_day AS day_local, system_id, task_type, arm, release_id, currency,
    completed, outcome_known, accepted, unaided, autonomous, reopened, escalated, escalation_outcome, failed,
    fallback, review_due, review_prob, handling_us, cycle_us, latency_us, human_us, cost,
    0 AS fully_priced, CAST(0 AS DECIMAL(38,12)) AS people_cost, CAST(0 AS DECIMAL(38,12)) AS review_cost,
    CAST(0 AS DECIMAL(38,12)) AS escalation_cost, CAST(0 AS DECIMAL(38,12)) AS rework_cost
  FROM work_fact
  WHERE created_day IS NOT NULL
  UNION ALL
  SELECT
    'done' AS counted, done_day AS day_local, system_id, task_type, arm, release_id, currency,
    completed, outcome_known, accepted, unaided, autonomous, reopened, escalated, escalation_outcome, failed,
    fallback, review_due, review_prob, handling_us, cycle_us, latency_us, human_us, cost,
    0 AS fully_priced, CAST(0 AS DECIMAL(38,12)) AS people_cost, CAST(0 AS DECIMAL(38,12)) AS review_cost,
    CAST(0 AS DECIMAL(38,12)) AS escalation_cost, CAST(0 AS DECIMAL(38,12)) AS rework_cost
  FROM work_fact
  WHERE done_day IS NOT NULL
  UNION ALL
  SELECT
    'settled' AS counted, settled_day AS day_local, system_id, task_type, arm, release_id, currency,
    completed, outcome_known, accepted, unaided, autonomous, reopened, escalated, escalation_outcome, failed,
    fallback, review_due, review_prob, handling_us, cycle_us, latency_us, human_us, cost,
    0 AS fully_priced, CAST(0 AS DECIMAL(38,12)) AS people_cost, CAST(0 AS DECIMAL(38,12)) AS review_cost,
    CAST(0 AS DECIMAL(38,12)) AS escalation_cost, CAST(0 AS DECIMAL(38,12)) AS rework_cost
  FROM work_fact
  WHERE settled_day IS NOT NULL
  UNION ALL
  SELECT
    'people' AS counted, f.settled_day AS day_local, f.system_id, f.task_type, f.arm, f.release_id, p.currency,
    0 AS completed, 0 AS outcome_known, 0 AS accepted, 0 AS unaided, 0 AS autonomous, 0 AS reopened, 0 AS escalated,
    CAST(NULL AS VARCHAR) AS escalation_outcome, 0 AS failed, 0 AS fallback, 0 AS review_due,
    CAST(NULL AS DOUBLE PRECISION) AS review_prob, CAST(NULL AS BIGINT) AS handling_us,
    CAST(NULL AS BIGINT) AS cycle_us, CAST(NULL AS BIGINT) AS latency_us, CAST(NULL AS BIGINT) AS human_us,
    CAST(NULL AS DECIMAL(38,12)) AS cost,
    CASE WHEN p.n = p.priced_n THEN 1 ELSE 0 END AS fully_priced, p.amount AS people_cost, p.review AS review_cost,
    p.escalation AS escalation_cost, p.rework AS rework_cost
  FROM work_fact AS f
  JOIN (
    SELECT
      w.system_id AS system_id, w.task_id AS task_id, SUM(w.n) AS n,
      CASE WHEN MAX(w.currency) = MIN(w.stated) THEN MAX(w.currency) ELSE '' END AS currency,
      CASE WHEN MAX(w.currency) = MIN(w.stated) THEN SUM(w.priced_n) ELSE 0 END AS priced_n,
      CASE WHEN MAX(w.currency) = MIN(w.stated) THEN SUM(w.amount) ELSE CAST(0 AS DECIMAL(38,12)) END AS amount,
      CASE WHEN MAX(w.currency) = MIN(w.stated) THEN SUM(w.review) ELSE CAST(0 AS DECIMAL(38,12)) END AS review,
      CASE WHEN MAX(w.currency) = MIN(w.stated) THEN SUM(w.escalation) ELSE CAST(0 AS DECIMAL(38,12)) END AS escalation,
      CASE WHEN MAX(w.currency) = MIN(w.stated) THEN SUM(w.rework) ELSE CAST(0 AS DECIMAL(38,12)) END AS rework
    FROM (
      SELECT
        system_id, task_id, n, priced_n, amount, currency, CASE WHEN currency <> '' THEN currency END AS stated,
        CASE WHEN activity = 'review' THEN amount ELSE CAST(0 AS DECIMAL(38,12)) END AS review,
        CASE WHEN activity = 'escalation' THEN amount ELSE CAST(0 AS DECIMAL(38,12)) END AS escalation,
        CASE WHEN activity = 'rework' THEN amount ELSE CAST(0 AS DECIMAL(38,12)) END AS rework
      FROM work_person
    ) AS w
    GROUP BY w.system_id, w.task_id
  ) AS p ON p.system_id = f.system_id AND p.task_id = f.task_id
  WHERE f.settled_day IS NOT NULL
  UNION ALL
  SELECT
    CASE WHEN purpose IN ('serve', 'retry') THEN 'unlinked' ELSE 'evaluation' END AS counted, day_local, system_id,
    task_type, '' AS arm, '' AS release_id,
    CASE
      WHEN recorded IS NOT NULL THEN recorded_currency
      WHEN priced IS NOT NULL THEN priced_currency
      ELSE ''
    END AS currency,
    0 AS completed, 0 AS outcome_known, 0 AS accepted, 0 AS unaided, 0 AS autonomous, 0 AS reopened, 0 AS escalated,
    CAST(NULL AS VARCHAR) AS escalation_outcome, 0 AS failed, 0 AS fallback, 0 AS review_due,
    CAST(NULL AS DOUBLE PRECISION) AS review_prob, CAST(NULL AS BIGINT) AS handling_us,
    CAST(NULL AS BIGINT) AS cycle_us, CAST(NULL AS BIGINT) AS latency_us, CAST(NULL AS BIGINT) AS human_us,
    COALESCE(recorded, priced) AS cost,
    0 AS fully_priced, CAST(0 AS DECIMAL(38,12)) AS people_cost, CAST(0 AS DECIMAL(38,12)) AS review_cost,
    CAST(0 AS DECIMAL(38,12)) AS escalation_cost, CAST(0 AS DECIMAL(38,12)) AS rework_cost
  FROM work_call
  WHERE day_local IS NOT NULL
    AND ((task_id IS NULL AND purpose IN ('serve', 'retry')) OR (purpose IN ('judge', 'shadow') AND arm <> 'shadow'))
)
SELECT
  day_local AS day_local, system_id AS system_id, task_type AS task_type, arm AS arm, release_id AS release_id,
  currency AS currency,
  CAST(SUM(CASE WHEN counted = 'created' THEN 1 ELSE 0 END) AS BIGINT) AS attempted,
  CAST(SUM(CASE WHEN counted = 'done' AND completed = 1 THEN 1 ELSE 0 END) AS BIGINT) AS completed,
  CAST(SUM(CASE WHEN counted = 'done' AND accepted = 1 THEN 1 ELSE 0 END) AS BIGINT) AS accepted,
  CAST(SUM(
    CASE WHEN counted = 'done' AND accepted = 1 AND unaided = 1 THEN 1 ELSE 0 END
  ) AS BIGINT) AS accepted_unaided,
  CAST(SUM(CASE WHEN counted = 'done' AND outcome_known = 1 THEN 1 ELSE 0 END) AS BIGINT) AS outcome_known,
  CAST(SUM(CASE WHEN counted = 'done' AND autonomous = 1 THEN 1 ELSE 0 END) AS BIGINT) AS autonomous,
  CAST(SUM(CASE WHEN counted = 'done' AND reopened = 1 THEN 1 ELSE 0 END) AS BIGINT) AS reopened,
  CAST(SUM(CASE WHEN counted = 'done' AND escalated = 1 THEN 1 ELSE 0 END) AS BIGINT) AS escalated,
  CAST(SUM(
    CASE WHEN counted = 'done' AND escalated = 1 AND escalation_outcome = 'ai_right' THEN 1 ELSE 0 END
  ) AS BIGINT) AS escalated_ai_right,
  CAST(SUM(
    CASE WHEN counted = 'done' AND escalated = 1 AND escalation_outcome = 'ai_wrong' THEN 1 ELSE 0 END
  ) AS BIGINT) AS escalated_ai_wrong,
  CAST(SUM(
    CASE WHEN counted = 'done' AND escalated = 1 AND escalation_outcome = 'out_of_scope' THEN 1 ELSE 0 END
  ) AS BIGINT) AS escalated_out_of_scope,
  CAST(SUM(CASE WHEN counted = 'done' AND review_due = 1 THEN 1 ELSE 0 END) AS BIGINT) AS review_due,
  CAST(SUM(CASE WHEN counted = 'done' AND review_prob IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS review_prob_known,
  CAST(SUM(CASE WHEN counted = 'done' AND review_prob = 0 THEN 1 ELSE 0 END) AS BIGINT) AS review_prob_zero,
  CAST(SUM(CASE WHEN counted = 'done' AND handling_us >= 0 THEN 1 ELSE 0 END) AS BIGINT) AS handling_n,
  CAST(COALESCE(SUM(CASE WHEN counted = 'done' AND handling_us >= 0 THEN handling_us END), 0) AS DECIMAL(38,0)) AS handling_us,
  CAST(COALESCE(SUM(
    CASE WHEN counted = 'done' AND handling_us >= 0 THEN CAST(handling_us AS DECIMAL(38,0)) * CAST(handling_us AS DECIMAL(38,0)) END
  ), 0) AS DECIMAL(38,0)) AS handling_us2,
  CAST(SUM(CASE WHEN counted = 'done' AND handling_us < 0 THEN 1 ELSE 0 END) AS BIGINT) AS handling_bad,
  CAST(SUM(CASE WHEN counted = 'done' AND cycle_us >= 0 THEN 1 ELSE 0 END) AS BIGINT) AS cycle_n,
  CAST(COALESCE(SUM(CASE WHEN counted = 'done' AND cycle_us >= 0 THEN cycle_us END), 0) AS DECIMAL(38,0)) AS cycle_us,
  CAST(COALESCE(SUM(
    CASE WHEN counted = 'done' AND cycle_us >= 0 THEN CAST(cycle_us AS DECIMAL(38,0)) * CAST(cycle_us AS DECIMAL(38,0)) END
  ), 0) AS DECIMAL(38,0)) AS cycle_us2,
  CAST(SUM(CASE WHEN counted = 'done' AND cycle_us < 0 THEN 1 ELSE 0 END) AS BIGINT) AS cycle_bad,
  CAST(SUM(CASE WHEN counted = 'done' AND latency_us >= 0 THEN 1 ELSE 0 END) AS BIGINT) AS latency_n,
  CAST(COALESCE(SUM(CASE WHEN counted = 'done' AND latency_us >= 0 THEN latency_us END), 0) AS DECIMAL(38,0)) AS latency_us,
  CAST(COALESCE(SUM(
    CASE WHEN counted = 'done' AND latency_us >= 0 THEN CAST(latency_us AS DECIMAL(38,0)) * CAST(latency_us AS DECIMAL(38,0)) END
  ), 0) AS DECIMAL(38,0)) AS latency_us2,
  CAST(SUM(CASE WHEN counted = 'done' AND latency_us < 0 THEN 1 ELSE 0 END) AS BIGINT) AS latency_bad,
  CAST(SUM(CASE WHEN counted = 'done' AND human_us >= 0 THEN 1 ELSE 0 END) AS BIGINT) AS human_n,
  CAST(COALESCE(SUM(CASE WHEN counted = 'done' AND human_us >= 0 THEN human_us END), 0) AS DECIMAL(38,0)) AS human_us,
  CAST(COALESCE(SUM(
    CASE WHEN counted = 'done' AND human_us >= 0 THEN CAST(human_us AS DECIMAL(38,0)) * CAST(human_us AS DECIMAL(38,0)) END
  ), 0) AS DECIMAL(38,0)) AS human_us2,
  CAST(SUM(CASE WHEN counted = 'settled' THEN 1 ELSE 0 END) AS BIGINT) AS settled,
  CAST(SUM(CASE WHEN counted = 'settled' AND failed = 1 THEN 1 ELSE 0 END) AS BIGINT) AS failed,
  CAST(SUM(CASE WHEN counted = 'settled' AND fallback = 1 THEN 1 ELSE 0 END) AS BIGINT) AS fallback,
  CAST(SUM(CASE WHEN counted = 'settled' AND cost IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS cost_n,
  CAST(COALESCE(SUM(CASE WHEN counted = 'settled' THEN cost END), 0) AS DECIMAL(38,12)) AS cost,
  CAST(COALESCE(SUM(CASE WHEN counted = 'settled' THEN cost * cost END), 0) AS DECIMAL(38,12)) AS cost2,
  CAST(SUM(CASE WHEN counted = 'people' THEN 1 ELSE 0 END) AS BIGINT) AS people_n,
  CAST(SUM(CASE WHEN counted = 'people' AND fully_priced = 1 THEN 1 ELSE 0 END) AS BIGINT) AS people_priced,
  CAST(COALESCE(SUM(CASE WHEN counted = 'people' THEN people_cost END), 0) AS DECIMAL(38,12)) AS people_cost,
  CAST(COALESCE(SUM(review_cost), 0) AS DECIMAL(38,12)) AS review_cost,
  CAST(COALESCE(SUM(escalation_cost), 0) AS DECIMAL(38,12)) AS escalation_cost,
  CAST(COALESCE(SUM(rework_cost), 0) AS DECIMAL(38,12)) AS rework_cost,
  CAST(SUM(CASE WHEN counted = 'unlinked' THEN 1 ELSE 0 END) AS BIGINT) AS unlinked_calls,
  CAST(SUM(CASE WHEN counted = 'unlinked' AND cost IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS unlinked_priced,
  CAST(COALESCE(SUM(CASE WHEN counted = 'unlinked' THEN cost END), 0) AS DECIMAL(38,12)) AS unlinked_cost,
  CAST(SUM(CASE WHEN counted = 'evaluation' THEN 1 ELSE 0 END) AS BIGINT) AS evaluation_calls,
  CAST(SUM(CASE WHEN counted = 'evaluation' AND cost IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS evaluation_priced,
  CAST(COALESCE(SUM(CASE WHEN counted = 'evaluation' THEN cost END), 0) AS DECIMAL(38,12)) AS evaluation_cost
FROM part
GROUP BY day_local, system_id, task_type, arm, release_id, currency
