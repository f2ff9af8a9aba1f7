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
WITH created AS (
  SELECT
    created_day AS day_local, system_id, task_type, arm, release_id, currency,
    COUNT(*) AS attempted
  FROM work_fact
  WHERE created_day IS NOT NULL
  GROUP BY created_day, system_id, task_type, arm, release_id, currency
),
done AS (
  SELECT
    done_day AS day_local, system_id, task_type, arm, release_id, currency,
    COUNT(CASE WHEN completed = 1 THEN 1 END) AS completed,
    COUNT(CASE WHEN accepted = 1 THEN 1 END) AS accepted,
    COUNT(CASE WHEN accepted = 1 AND unaided = 1 THEN 1 END) AS accepted_unaided,
    COUNT(CASE WHEN outcome_known = 1 THEN 1 END) AS outcome_known,
    COUNT(CASE WHEN autonomous = 1 THEN 1 END) AS autonomous,
    COUNT(CASE WHEN reopened = 1 THEN 1 END) AS reopened,
    COUNT(CASE WHEN escalated = 1 THEN 1 END) AS escalated,
    COUNT(CASE WHEN escalated = 1 AND escalation_outcome = 'ai_right' THEN 1 END) AS escalated_ai_right,
    COUNT(CASE WHEN escalated = 1 AND escalation_outcome = 'ai_wrong' THEN 1 END) AS escalated_ai_wrong,
    COUNT(CASE WHEN escalated = 1 AND escalation_outcome = 'out_of_scope' THEN 1 END) AS escalated_out_of_scope,
    COUNT(CASE WHEN review_due = 1 THEN 1 END) AS review_due,
    COUNT(review_prob) AS review_prob_known,
    COUNT(CASE WHEN review_prob = 0 THEN 1 END) AS review_prob_zero,
    COUNT(CASE WHEN handling_us >= 0 THEN 1 END) AS handling_n,
    CAST(COALESCE(SUM(CASE WHEN handling_us >= 0 THEN handling_us END), 0) AS DECIMAL(38,0)) AS handling_us,
    CAST(COALESCE(SUM(
      CASE WHEN handling_us >= 0 THEN CAST(handling_us AS DECIMAL(38,0)) * CAST(handling_us AS DECIMAL(38,0)) END
    ), 0) AS DECIMAL(38,0)) AS handling_us2,
    COUNT(CASE WHEN handling_us < 0 THEN 1 END) AS handling_bad,
    COUNT(CASE WHEN cycle_us >= 0 THEN 1 END) AS cycle_n,
    CAST(COALESCE(SUM(CASE WHEN cycle_us >= 0 THEN cycle_us END), 0) AS DECIMAL(38,0)) AS cycle_us,
    CAST(COALESCE(SUM(
      CASE WHEN cycle_us >= 0 THEN CAST(cycle_us AS DECIMAL(38,0)) * CAST(cycle_us AS DECIMAL(38,0)) END
    ), 0) AS DECIMAL(38,0)) AS cycle_us2,
    COUNT(CASE WHEN cycle_us < 0 THEN 1 END) AS cycle_bad,
    COUNT(CASE WHEN latency_us >= 0 THEN 1 END) AS latency_n,
    CAST(COALESCE(SUM(CASE WHEN latency_us >= 0 THEN latency_us END), 0) AS DECIMAL(38,0)) AS latency_us,
    CAST(COALESCE(SUM(
      CASE WHEN latency_us >= 0 THEN CAST(latency_us AS DECIMAL(38,0)) * CAST(latency_us AS DECIMAL(38,0)) END
    ), 0) AS DECIMAL(38,0)) AS latency_us2,
    COUNT(CASE WHEN latency_us < 0 THEN 1 END) AS latency_bad,
    COUNT(CASE WHEN human_us >= 0 THEN 1 END) AS human_n,
    CAST(COALESCE(SUM(CASE WHEN human_us >= 0 THEN human_us END), 0) AS DECIMAL(38,0)) AS human_us,
    CAST(COALESCE(SUM(
      CASE WHEN human_us >= 0 THEN CAST(human_us AS DECIMAL(38,0)) * CAST(human_us AS DECIMAL(38,0)) END
    ), 0) AS DECIMAL(38,0)) AS human_us2
  FROM work_fact
  WHERE done_day IS NOT NULL
  GROUP BY done_day, system_id, task_type, arm, release_id, currency
),
settled AS (
  SELECT
    settled_day AS day_local, system_id, task_type, arm, release_id, currency,
    COUNT(*) AS settled,
    COUNT(CASE WHEN failed = 1 THEN 1 END) AS failed,
    COUNT(CASE WHEN fallback = 1 THEN 1 END) AS fallback,
    COUNT(cost) AS cost_n,
    CAST(COALESCE(SUM(cost), 0) AS DECIMAL(38,12)) AS cost,
    CAST(COALESCE(SUM(cost * cost), 0) AS DECIMAL(38,12)) AS cost2
  FROM work_fact
  WHERE settled_day IS NOT NULL
  GROUP BY settled_day, system_id, task_type, arm, release_id, currency
),
people AS (
  SELECT
    f.settled_day AS day_local, f.system_id AS system_id, f.task_type AS task_type, f.arm AS arm,
    f.release_id AS release_id, p.currency AS currency,
    COUNT(*) AS people_n,
    COUNT(CASE WHEN p.n = p.priced_n THEN 1 END) AS people_priced,
    CAST(COALESCE(SUM(p.amount), 0) AS DECIMAL(38,12)) AS people_cost,
    CAST(COALESCE(SUM(p.review), 0) AS DECIMAL(38,12)) AS review_cost,
    CAST(COALESCE(SUM(p.escalation), 0) AS DECIMAL(38,12)) AS escalation_cost,
    CAST(COALESCE(SUM(p.rework), 0) AS DECIMAL(38,12)) AS rework_cost
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
  GROUP BY f.settled_day, f.system_id, f.task_type, f.arm, f.release_id, p.currency
),
call AS (
  SELECT
    day_local, system_id, task_type, '' AS arm, '' AS release_id, currency,
    COUNT(CASE WHEN counted = 'unlinked' THEN 1 END) AS unlinked_calls,
    COUNT(CASE WHEN counted = 'unlinked' THEN cost END) AS unlinked_priced,
    CAST(COALESCE(SUM(CASE WHEN counted = 'unlinked' THEN cost END), 0) AS DECIMAL(38,12)) AS unlinked_cost,
    COUNT(CASE WHEN counted = 'evaluation' THEN 1 END) AS evaluation_calls,
    COUNT(CASE WHEN counted = 'evaluation' THEN cost END) AS evaluation_priced,
    CAST(COALESCE(SUM(CASE WHEN counted = 'evaluation' THEN cost END), 0) AS DECIMAL(38,12)) AS evaluation_cost
  FROM (
    SELECT
      CASE WHEN purpose IN ('serve', 'retry') THEN 'unlinked' ELSE 'evaluation' END AS counted, day_local, system_id,
      task_type, COALESCE(recorded, priced) AS cost,
      CASE
        WHEN recorded IS NOT NULL THEN recorded_currency
        WHEN priced IS NOT NULL THEN priced_currency
        ELSE ''
      END AS currency
    FROM work_call
    WHERE day_local IS NOT NULL
      AND ((task_id IS NULL AND purpose IN ('serve', 'retry')) OR (purpose IN ('judge', 'shadow') AND arm <> 'shadow'))
  ) AS c
  GROUP BY day_local, system_id, task_type, currency
),
counted AS (
  SELECT day_local, system_id, task_type, arm, release_id, currency FROM created
  UNION
  SELECT day_local, system_id, task_type, arm, release_id, currency FROM done
  UNION
  SELECT day_local, system_id, task_type, arm, release_id, currency FROM settled
  UNION
  SELECT day_local, system_id, task_type, arm, release_id, currency FROM people
  UNION
  SELECT day_local, system_id, task_type, arm, release_id, currency FROM call
)
SELECT
  a.day_local AS day_local, a.system_id AS system_id, a.task_type AS task_type, a.arm AS arm,
  a.release_id AS release_id, a.currency AS currency, COALESCE(c.attempted, 0) AS attempted,
  COALESCE(d.completed, 0) AS completed, COALESCE(d.accepted, 0) AS accepted,
  COALESCE(d.accepted_unaided, 0) AS accepted_unaided, COALESCE(d.outcome_known, 0) AS outcome_known,
  COALESCE(d.autonomous, 0) AS autonomous, COALESCE(d.reopened, 0) AS reopened, COALESCE(d.escalated, 0) AS escalated,
  COALESCE(d.escalated_ai_right, 0) AS escalated_ai_right, COALESCE(d.escalated_ai_wrong, 0) AS escalated_ai_wrong,
  COALESCE(d.escalated_out_of_scope, 0) AS escalated_out_of_scope, COALESCE(d.review_due, 0) AS review_due,
  COALESCE(d.review_prob_known, 0) AS review_prob_known, COALESCE(d.review_prob_zero, 0) AS review_prob_zero,
  COALESCE(d.handling_n, 0) AS handling_n, COALESCE(d.handling_us, 0) AS handling_us,
  COALESCE(d.handling_us2, 0) AS handling_us2, COALESCE(d.handling_bad, 0) AS handling_bad,
  COALESCE(d.cycle_n, 0) AS cycle_n, COALESCE(d.cycle_us, 0) AS cycle_us, COALESCE(d.cycle_us2, 0) AS cycle_us2,
  COALESCE(d.cycle_bad, 0) AS cycle_bad, COALESCE(d.latency_n, 0) AS latency_n, COALESCE(d.latency_us, 0) AS latency_us,
  COALESCE(d.latency_us2, 0) AS latency_us2, COALESCE(d.latency_bad, 0) AS latency_bad,
  COALESCE(d.human_n, 0) AS human_n, COALESCE(d.human_us, 0) AS human_us, COALESCE(d.human_us2, 0) AS human_us2,
  COALESCE(s.settled, 0) AS settled, COALESCE(s.failed, 0) AS failed, COALESCE(s.fallback, 0) AS fallback,
  COALESCE(s.cost_n, 0) AS cost_n, COALESCE(s.cost, 0) AS cost, COALESCE(s.cost2, 0) AS cost2,
  COALESCE(p.people_n, 0) AS people_n, COALESCE(p.people_priced, 0) AS people_priced,
  COALESCE(p.people_cost, 0) AS people_cost, COALESCE(p.review_cost, 0) AS review_cost,
  COALESCE(p.escalation_cost, 0) AS escalation_cost, COALESCE(p.rework_cost, 0) AS rework_cost,
  COALESCE(k.unlinked_calls, 0) AS unlinked_calls, COALESCE(k.unlinked_priced, 0) AS unlinked_priced,
  COALESCE(k.unlinked_cost, 0) AS unlinked_cost, COALESCE(k.evaluation_calls, 0) AS evaluation_calls,
  COALESCE(k.evaluation_priced, 0) AS evaluation_priced, COALESCE(k.evaluation_cost, 0) AS evaluation_cost
FROM counted AS a
LEFT JOIN created AS c
  ON c.day_local = a.day_local AND c.system_id = a.system_id AND c.task_type = a.task_type AND c.arm = a.arm
  AND c.release_id = a.release_id AND c.currency = a.currency
LEFT JOIN done AS d
  ON d.day_local = a.day_local AND d.system_id = a.system_id AND d.task_type = a.task_type AND d.arm = a.arm
  AND d.release_id = a.release_id AND d.currency = a.currency
LEFT JOIN settled AS s
  ON s.day_local = a.day_local AND s.system_id = a.system_id AND s.task_type = a.task_type AND s.arm = a.arm
  AND s.release_id = a.release_id AND s.currency = a.currency
LEFT JOIN people AS p
  ON p.day_local = a.day_local AND p.system_id = a.system_id AND p.task_type = a.task_type AND p.arm = a.arm
  AND p.release_id = a.release_id AND p.currency = a.currency
LEFT JOIN call AS k
  ON k.day_local = a.day_local AND k.system_id = a.system_id AND k.task_type = a.task_type AND k.arm = a.arm
  AND k.release_id = a.release_id AND k.currency = a.currency
