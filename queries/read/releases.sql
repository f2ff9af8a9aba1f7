-- title: Releases as they went into service
-- params: none
-- columns: system_id text, release_id text, model text, prompt_version text, routing_version text, change_class text,
--   started_at timestamp, note text
SELECT
  r.system_id AS system_id, r.release_id AS release_id, COALESCE(r.model, '') AS model,
  COALESCE(r.prompt_version, '') AS prompt_version, COALESCE(r.routing_version, '') AS routing_version,
  r.change_class AS change_class, r.started_at AS started_at, COALESCE(r.note, '') AS note
FROM releases AS r
ORDER BY r.system_id NULLS LAST, r.started_at NULLS LAST, r.release_id NULLS LAST
