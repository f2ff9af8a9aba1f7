-- title: Stage changes as they happened
-- params: none
-- columns: system_id text, stage text, load_share double, review_rate double, effective_at timestamp, reason text,
--   decided_by text, milestone text
SELECT
  s.system_id AS system_id, s.stage AS stage, s.load_share AS load_share, s.review_rate AS review_rate,
  s.effective_at AS effective_at, COALESCE(s.reason, '') AS reason, COALESCE(s.decided_by, '') AS decided_by,
  COALESCE(s.milestone, '') AS milestone
FROM stage_changes AS s
ORDER BY s.system_id NULLS LAST, s.effective_at NULLS LAST
