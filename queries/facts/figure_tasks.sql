-- title: Tasks behind a figure, of one day
-- params: systems text[], task_type text, above text, below text, judge text, weighed text[]
-- columns: system_id text, task_id text, task_type text, arm text, status text, outcome text, created_at timestamp,
--   completed_at timestamp, handling_us bigint?, latency_us bigint?, currency text, cost decimal, people_currency text,
--   people_cost decimal, verdict boolean, above bigint, below bigint, trace_url text, source_ref text,
--   all_above bigint, all_below bigint
-- parts: facts/calendar_hour, facts/price_book, facts/rate_book, refresh/work_task, refresh/work_call,
--   refresh/work_person, refresh/work_verdict, refresh/work_fact
-- note: At most 50: as many of those that count above the line as of those that only count below it, the latest of each;
--   all_above and all_below are how many there are. :above and :below name the sums of the metric. The measures of a
--   task are those of a refresh, by its own SQL. Verdicts are those of the judge that speaks for the figure; of the
--   systems in :weighed, which state how they sample, only those that say with what probability.
SELECT
  p.system_id AS system_id, p.task_id AS task_id, p.task_type AS task_type, p.arm AS arm, p.status AS status,
  p.outcome AS outcome, p.created_at AS created_at, p.completed_at AS completed_at, p.handling_us AS handling_us,
  p.latency_us AS latency_us, p.currency AS currency, p.cost AS cost, p.people_currency AS people_currency,
  p.people_cost AS people_cost, p.verdict AS verdict, CAST(p.above AS BIGINT) AS above, CAST(p.below AS BIGINT) AS below,
  p.trace_url AS trace_url, p.source_ref AS source_ref, CAST(p.all_above AS BIGINT) AS all_above,
  CAST(p.all_below AS BIGINT) AS all_below
FROM (
  SELECT
    c.system_id AS system_id, c.task_id AS task_id, c.task_type AS task_type, c.arm AS arm,
    COALESCE(t.status, '') AS status, COALESCE(t.outcome, '') AS outcome, t.created_at AS created_at,
    t.completed_at AS completed_at, c.handling_us AS handling_us, c.latency_us AS latency_us, c.currency AS currency,
    c.cost AS cost, c.people_currency AS people_currency, c.people_cost AS people_cost, c.verdict AS verdict,
    c.above AS above, c.below AS below, COALESCE(t.trace_url, '') AS trace_url, COALESCE(t.source_ref, '') AS source_ref,
    SUM(c.above) OVER () AS all_above, SUM(c.below) OVER () AS all_below,
    ROW_NUMBER() OVER (
      PARTITION BY c.above
      ORDER BY COALESCE(t.completed_at, t.created_at) DESC NULLS LAST, c.system_id NULLS LAST, c.task_id NULLS LAST
    ) AS turn
  FROM (
    SELECT
      f.system_id AS system_id, f.task_id AS task_id, f.task_type AS task_type, f.arm AS arm,
      f.handling_us AS handling_us, f.latency_us AS latency_us, f.currency AS currency, f.cost AS cost,
      f.people_currency AS people_currency, f.people_cost AS people_cost, f.verdict AS verdict,
      CASE CAST(:above AS TEXT)
        WHEN 'attempted' THEN f.attempted
        WHEN 'completed' THEN f.done
        WHEN 'completed_ai' THEN f.done * f.ai
        WHEN 'accepted' THEN f.done * f.accepted
        WHEN 'autonomous' THEN f.done * f.autonomous
        WHEN 'reopened' THEN f.done * f.reopened
        WHEN 'escalated_ai' THEN f.done * f.ai * f.escalated
        WHEN 'failed_ai' THEN f.settled * f.ai * f.failed
        WHEN 'fallback_ai' THEN f.settled * f.ai * f.fallback
        WHEN 'cost_known_ai' THEN f.settled * f.ai * f.costed
        WHEN 'cost' THEN f.settled * f.costed
        WHEN 'with_people_cost' THEN f.settled * GREATEST(f.costed, f.paid)
        WHEN 'review_prob_zero' THEN f.done * f.ai * f.never_reviewed
        WHEN 'handling_n' THEN f.done * f.handled
        WHEN 'cycle_n' THEN f.done * f.cycled
        WHEN 'latency_n' THEN f.done * f.answered
        WHEN 'accuracy_correct' THEN f.ai * f.found_true
        WHEN 'accuracy_n' THEN f.ai * f.found
        WHEN 'accuracy_judged' THEN f.ai * f.judged
        WHEN 'agreement_correct' THEN f.machine * f.found_true
        ELSE 0
      END AS above,
      CASE CAST(:below AS TEXT)
        WHEN 'attempted' THEN f.attempted
        WHEN 'completed' THEN f.done
        WHEN 'completed_ai' THEN f.done * f.ai
        WHEN 'accepted' THEN f.done * f.accepted
        WHEN 'settled_ai' THEN f.settled * f.ai
        WHEN 'review_due' THEN f.done * f.due
        WHEN 'review_prob_known' THEN f.done * f.ai * f.reviewable
        WHEN 'handling_n' THEN f.done * f.handled
        WHEN 'cycle_n' THEN f.done * f.cycled
        WHEN 'latency_n' THEN f.done * f.answered
        WHEN 'accuracy_weight' THEN f.ai * f.found
        WHEN 'agreement_weight' THEN f.machine * f.found
        ELSE 0
      END AS below
    FROM (
      SELECT
        w.system_id AS system_id, w.task_id AS task_id, w.task_type AS task_type, w.arm AS arm,
        w.handling_us AS handling_us, w.latency_us AS latency_us, w.currency AS currency, w.cost AS cost,
        COALESCE(h.currency, '') AS people_currency, h.amount AS people_cost, v.outcome AS verdict,
        CASE WHEN w.created_day IS NULL THEN 0 ELSE 1 END AS attempted,
        CASE WHEN w.done_day IS NULL THEN 0 ELSE 1 END AS done,
        CASE WHEN w.settled_day IS NULL THEN 0 ELSE 1 END AS settled,
        CASE WHEN w.arm IN ('ai_auto', 'ai_assisted') THEN 1 ELSE 0 END AS ai,
        CASE WHEN w.arm IN ('ai_auto', 'ai_assisted', 'shadow') THEN 1 ELSE 0 END AS machine,
        w.accepted AS accepted, w.autonomous AS autonomous, w.reopened AS reopened, w.escalated AS escalated,
        w.failed AS failed, w.fallback AS fallback, w.review_due AS due,
        CASE WHEN w.cost IS NULL THEN 0 ELSE 1 END AS costed,
        CASE WHEN h.task_id IS NULL THEN 0 ELSE 1 END AS paid,
        CASE WHEN w.review_prob IS NULL THEN 0 ELSE 1 END AS reviewable,
        CASE WHEN w.review_prob = 0 THEN 1 ELSE 0 END AS never_reviewed,
        CASE WHEN w.handling_us >= 0 THEN 1 ELSE 0 END AS handled,
        CASE WHEN w.cycle_us >= 0 THEN 1 ELSE 0 END AS cycled,
        CASE WHEN w.latency_us >= 0 THEN 1 ELSE 0 END AS answered,
        CASE WHEN v.task_id IS NULL OR w.done_day IS NULL THEN 0 ELSE 1 END AS judged,
        CASE WHEN v.outcome IS NULL OR w.done_day IS NULL THEN 0 ELSE 1 END AS found,
        CASE WHEN v.outcome = TRUE AND w.done_day IS NOT NULL THEN 1 ELSE 0 END AS found_true
      FROM work_fact AS w
      LEFT JOIN (
        SELECT
          system_id, task_id, CAST(SUM(amount) AS DECIMAL(38,12)) AS amount, MAX(currency) AS currency
        FROM work_person
        GROUP BY system_id, task_id
        HAVING SUM(n) = SUM(priced_n) AND MAX(currency) = MIN(currency)
      ) AS h ON h.system_id = w.system_id AND h.task_id = w.task_id
      LEFT JOIN (
        SELECT
          system_id, task_id, outcome
        FROM work_verdict
        WHERE review_reason IN ('', 'random') AND judge = :judge
          AND (weight IS NOT NULL OR NOT system_id = ANY(CAST(:weighed AS TEXT[])))
          AND metric = CASE WHEN CAST(:above AS TEXT) = 'agreement_correct' THEN 'agreement' ELSE 'correct' END
      ) AS v ON v.system_id = w.system_id AND v.task_id = w.task_id
      WHERE w.system_id = ANY(CAST(:systems AS TEXT[])) AND (CAST(:task_type AS TEXT) = '' OR w.task_type = :task_type)
        AND (w.arm <> 'shadow' OR CAST(:above AS TEXT) = 'agreement_correct')
    ) AS f
  ) AS c
  JOIN src_tasks AS t ON t.system_id = c.system_id AND t.task_id = c.task_id
  WHERE c.above + c.below > 0
) AS p
ORDER BY p.turn NULLS LAST, p.above DESC NULLS LAST
LIMIT 50
