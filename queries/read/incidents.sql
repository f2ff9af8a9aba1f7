-- title: Incidents as they happened
-- params: none
-- columns: system_id text, incident_id text, kind text, started_at timestamp, ended_at timestamp, note text
-- note: ended_at is NULL while an incident is open.
SELECT
  i.system_id AS system_id, i.incident_id AS incident_id, i.kind AS kind, i.started_at AS started_at,
  i.ended_at AS ended_at, COALESCE(i.note, '') AS note
FROM incidents AS i
ORDER BY i.system_id NULLS LAST, i.started_at NULLS LAST, i.incident_id NULLS LAST
