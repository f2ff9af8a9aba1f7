-- title: People's work per local day on which its task is counted
-- params: none
-- columns: day_local date, system_id text, task_type text, arm text, activity text, role text, n bigint, worked_us whole
SELECT
  f.settled_day AS day_local, f.system_id AS system_id, f.task_type AS task_type, f.arm AS arm, p.activity AS activity,
  p.role AS role, CAST(SUM(p.n) AS BIGINT) AS n, CAST(SUM(p.worked_us) AS DECIMAL(38,0)) AS worked_us
FROM work_fact AS f
JOIN work_person AS p ON p.system_id = f.system_id AND p.task_id = f.task_id
WHERE f.settled_day IS NOT NULL
GROUP BY f.settled_day, f.system_id, f.task_type, f.arm, p.activity, p.role
