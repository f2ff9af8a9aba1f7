"""The SQL lint refuses what means two things on two engines, and every query of the product passes it."""

from pathlib import Path

import pytest

from tests import sql_lint
from tests.sql_lint import HEADER_RULES, PARSE_RULE, RULES, TOKEN_RULE, lint, lint_file

REFUSED = [
    ("no SELECT *", "SELECT * FROM t"),
    ("no SELECT *", "SELECT t.* FROM t"),
    ("no SELECT *", "SELECT n.a AS a FROM (SELECT * FROM t) AS n"),
    ("no INTERVAL", "SELECT a AS a FROM t WHERE at_utc >= :now - INTERVAL '7 days'"),
    ("no EXTRACT", "SELECT EXTRACT(ISODOW FROM at_utc) AS weekday FROM t"),
    ("no EXTRACT", "SELECT date_part('hour', at_utc) AS hour FROM t"),
    ("no AT TIME ZONE", "SELECT at_utc AT TIME ZONE 'UTC' AS at_utc FROM t"),
    ("no clock", "SELECT now() AS at_utc"),
    ("no clock", "SELECT a AS a FROM t WHERE day_local < CURRENT_DATE"),
    ("no clock", "SELECT CURRENT_TIMESTAMP AS at_utc"),
    ("no series", "SELECT g.d AS d FROM generate_series(1, 10) AS g(d)"),
    ("no series", "SELECT u.x AS x FROM unnest(CAST(:ids AS TEXT[])) AS u(x)"),
    ("date_trunc by hour or day", "SELECT date_trunc('week', at_utc) AS week FROM t"),
    ("date_trunc by hour or day", "SELECT date_trunc('month', at_utc) AS month FROM t"),
    ("no percentile in SQL", "SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY v) AS p95 FROM t"),
    ("no FILTER", "SELECT COUNT(*) FILTER (WHERE ok) AS n FROM t"),
    ("no DISTINCT ON", "SELECT DISTINCT ON (a) a AS a, b AS b FROM t ORDER BY a, b"),
    ("no grouping sets", "SELECT a AS a, COUNT(*) AS n FROM t GROUP BY GROUPING SETS ((a), ())"),
    ("no grouping sets", "SELECT a AS a, COUNT(*) AS n FROM t GROUP BY ROLLUP (a)"),
    ("no grouping sets", "SELECT a AS a, COUNT(*) AS n FROM t GROUP BY CUBE (a)"),
    ("no text assembly", "SELECT string_agg(a, ',') AS names FROM t"),
    ("no text assembly", "SELECT to_char(at_utc, 'YYYY') AS year FROM t"),
    ("no text assembly", "SELECT a AS a FROM t WHERE a ILIKE 'x%'"),
    ("no text assembly", "SELECT a AS a FROM t WHERE a ~ '^x'"),
    ("no LATERAL", "SELECT t.a AS a FROM t, LATERAL (SELECT 1 AS one) AS x"),
    ("no VALUES", "SELECT v.a AS a FROM (VALUES (1), (2)) AS v(a)"),
    ("no ORDER BY in an aggregate", "SELECT SUM(a ORDER BY b) AS s FROM t"),
    ("no IGNORE NULLS", "SELECT LAG(a) IGNORE NULLS OVER (ORDER BY b) AS a FROM t"),
    ("divide doubles", "SELECT SUM(a) / NULLIF(SUM(b), 0) AS share FROM t"),
    ("divide doubles", "SELECT CAST(SUM(a) AS DOUBLE PRECISION) / NULLIF(SUM(b), 0) AS share FROM t"),
    ("divide doubles", "SELECT CAST(a AS DECIMAL(38,12)) / CAST(1000 AS DECIMAL(38,12)) AS amount FROM t"),
    ("divide doubles", "SELECT us / 1000000 AS seconds FROM t"),
    ("guard the divisor", "SELECT CAST(a AS DOUBLE PRECISION) / CAST(b AS DOUBLE PRECISION) AS share FROM t"),
    (
        "guard the divisor",
        "SELECT CASE WHEN a > 0 THEN CAST(a AS DOUBLE PRECISION) / CAST(b AS DOUBLE PRECISION) END AS share FROM t",
    ),
    ("guard the divisor", "SELECT CAST(a AS DOUBLE PRECISION) / CAST(0 AS DOUBLE PRECISION) AS share FROM t"),
    ("guard the logarithm", "SELECT LN(CAST(v AS DOUBLE PRECISION)) AS l FROM t WHERE v > 0"),
    ("explicit ROWS frame", "SELECT SUM(a) OVER (ORDER BY b) AS running FROM t"),
    ("explicit ROWS frame", "SELECT AVG(a) OVER (ORDER BY b RANGE UNBOUNDED PRECEDING) AS running FROM t"),
    ("explicit ROWS frame", "SELECT LAST_VALUE(a) OVER (ORDER BY b) AS latest FROM t"),
    ("explicit ROWS frame", "SELECT SUM(a) OVER w AS running FROM t WINDOW w AS (ORDER BY b)"),
    ("no subquery beside an aggregate", "SELECT COUNT(*) AS n, (SELECT MAX(b) AS b FROM u) AS b FROM t"),
    ("ANY over a bound list", "SELECT a AS a FROM t WHERE a = ANY(:ids)"),
    ("ANY over a bound list", "SELECT a AS a FROM t WHERE a = ANY(SELECT b FROM u)"),
    ("functions of the subset", "SELECT pg_sleep(1) AS nap"),
    ("functions of the subset", "SELECT ROUND(a, 2) AS a FROM t"),
    ("no percentile in SQL", "SELECT approx_quantile(a, 0.5) AS a FROM t"),
    ("functions of the subset", "SELECT age(a, b) AS age FROM t"),
    ("functions of the subset", "SELECT a.x AS x FROM read_csv('/etc/passwd') AS a"),
    ("only one SELECT", "SELECT 1 AS one; SELECT 2 AS two"),
    ("only one SELECT", ""),
    ("only one SELECT", "DELETE FROM t"),
    ("only one SELECT", "INSERT INTO t SELECT a FROM u"),
    ("only one SELECT", "UPDATE t SET a = 1"),
    ("only one SELECT", "CREATE TABLE t AS SELECT 1 AS one"),
    ("only one SELECT", "DROP TABLE t"),
    ("only one SELECT", "TRUNCATE t"),
    ("only one SELECT", "SET statement_timeout = 0"),
    ("only one SELECT", "COPY t TO '/tmp/t'"),
    ("only one SELECT", "VACUUM"),
    ("only one SELECT", "WITH d AS (DELETE FROM t RETURNING a) SELECT a AS a FROM d"),
    ("only one SELECT", "SELECT a AS a INTO u FROM t"),
    ("only one SELECT", "SELECT a AS a FROM t FOR UPDATE"),
    (TOKEN_RULE, "SELECT a AS a FROM t ORDER BY a DESC"),
    (TOKEN_RULE, "SELECT a AS a FROM t ORDER BY a DESC, b NULLS LAST"),
    (TOKEN_RULE, "SELECT ROW_NUMBER() OVER (PARTITION BY a ORDER BY b DESC) AS place FROM t"),
    (PARSE_RULE, "SELECT FROM WHERE"),
    (PARSE_RULE, "SELECT (1 AS one"),
]

ACCEPTED = {
    "percentile from cumulative buckets": """
        WITH h AS (
          SELECT system_id, bucket, CAST(SUM(n) AS BIGINT) AS cnt FROM hist_day
          WHERE metric = 'latency' AND day_local >= :d0 AND day_local < :d1 GROUP BY system_id, bucket),
        c AS (
          SELECT system_id, bucket,
            CAST(SUM(cnt) OVER (PARTITION BY system_id ORDER BY bucket
              ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS BIGINT) AS cum,
            CAST(SUM(cnt) OVER (PARTITION BY system_id) AS BIGINT) AS total FROM h),
        q AS (SELECT 500 AS pm UNION ALL SELECT 950 AS pm UNION ALL SELECT 990 AS pm)
        SELECT c.system_id AS system_id, q.pm AS pm, MAX(c.total) AS n,
          CASE WHEN MIN(c.bucket) = -1 THEN CAST(0 AS DOUBLE PRECISION)
            ELSE EXP(CAST(MIN(c.bucket) AS DOUBLE PRECISION) / CAST(49.99833328888678 AS DOUBLE PRECISION))
              * CAST(0.99 AS DOUBLE PRECISION) END AS value_us
        FROM c CROSS JOIN q WHERE c.cum * 1000 >= c.total * q.pm
        GROUP BY c.system_id, q.pm ORDER BY c.system_id, q.pm""",
    "a streak of weeks": """
        WITH wk AS (
          SELECT c.week_no, r.system_id, SUM(r.n_success) AS ok, SUM(r.n_tasks) AS n
          FROM rollup_hour AS r JOIN calendar_week AS c ON r.hour_utc >= c.start_utc AND r.hour_utc < c.end_utc
          GROUP BY c.week_no, r.system_id),
        hit AS (SELECT system_id, week_no FROM wk WHERE n >= :min_n AND ok * 100 >= n * :target_pct),
        isl AS (
          SELECT system_id, week_no,
            week_no - ROW_NUMBER() OVER (PARTITION BY system_id ORDER BY week_no) AS grp FROM hit)
        SELECT system_id, MIN(week_no) AS from_week, COUNT(*) AS weeks FROM isl
        GROUP BY system_id, grp ORDER BY system_id, from_week""",
    "a bucket of a logarithm": """
        SELECT CASE WHEN v = 0 THEN -1 WHEN v > 0
          THEN CAST(CEIL(LN(CAST(v AS DOUBLE PRECISION)) * CAST(49.9 AS DOUBLE PRECISION)) AS INTEGER) END AS bucket
        FROM t""",
    "a guarded ratio": """
        SELECT CAST(SUM(a) AS DOUBLE PRECISION) / CAST(NULLIF(SUM(b), 0) AS DOUBLE PRECISION) AS share FROM t""",
    "a weight asked before": """
        SELECT CASE WHEN p > 0 THEN CAST(1 AS DOUBLE PRECISION) / CAST(p AS DOUBLE PRECISION) END AS w FROM t""",
    "a bound list": "SELECT a AS a FROM t WHERE system_id = ANY(CAST(:systems AS TEXT[]))",
    "the latest first": "SELECT a AS a FROM t ORDER BY a DESC NULLS LAST, b DESC NULLS FIRST",
    "words in comments and strings": "SELECT 'DESC; now()' AS a -- ORDER BY a DESC; DELETE FROM t\nFROM t",
}

GOOD_FILE = """-- title: Tasks by day
-- params: from_day date, systems text[]
-- columns: day_local date, system_id text,
--   n bigint
-- note: anything
SELECT r.day_local AS day_local, r.system_id AS system_id, CAST(SUM(r.n) AS BIGINT) AS n
FROM rollup_day AS r
WHERE r.day_local >= :from_day AND r.system_id = ANY(CAST(:systems AS TEXT[]))
GROUP BY r.day_local, r.system_id
"""


@pytest.mark.parametrize(("rule", "sql"), REFUSED, ids=[f"{i}-{rule}" for i, (rule, _) in enumerate(REFUSED)])
def test_a_bad_sample_is_refused_under_its_rule(rule: str, sql: str) -> None:
    assert rule in {finding.rule for finding in lint(sql)}


def test_every_rule_has_a_sample_that_it_refuses() -> None:
    assert {rule for rule, _ in REFUSED} == {*RULES, TOKEN_RULE, PARSE_RULE}


@pytest.mark.parametrize("sql", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_a_text_of_the_subset_passes(sql: str) -> None:
    assert lint(sql) == []


def test_a_good_file_passes() -> None:
    assert lint_file("read/good", GOOD_FILE) == []


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("header", "-- title: Tasks by day\n", ""),
        ("header", "-- title: Tasks by day\n", "-- title:\n"),
        ("header", "-- params: from_day date, systems text[]\n", ""),
        ("header", "n bigint", "n"),
        ("header", "n bigint", "n number"),
        ("params of the header", "from_day date, ", ""),
        ("params of the header", "from_day date,", "from_day date, to_day date,"),
        ("params of the header", ":from_day", ":form_day"),
        ("columns of the header", "system_id text,\n--   n bigint", "system_id text"),
        ("columns of the header", "day_local date, system_id text", "system_id text, day_local date"),
        ("columns of the header", "AS n\n", "AS tasks\n"),
        ("no SELECT *", "FROM rollup_day AS r", "FROM (SELECT * FROM rollup_day) AS r"),
        (
            "only one SELECT",
            "GROUP BY r.day_local, r.system_id\n",
            "GROUP BY r.day_local, r.system_id; SELECT 1 AS one\n",
        ),
    ],
)
def test_a_broken_file_is_refused(rule: str, old: str, new: str) -> None:
    assert old in GOOD_FILE
    assert rule in {finding.rule for finding in lint_file("read/broken", GOOD_FILE.replace(old, new, 1))}
    assert rule in {*RULES, *HEADER_RULES}


def test_there_are_queries_to_lint() -> None:
    assert sql_lint.files(sql_lint.QUERIES / "read")
    assert sql_lint.files(sql_lint.QUERIES / "refresh")


@pytest.mark.parametrize("path", sql_lint.files(), ids=lambda path: path.relative_to(sql_lint.QUERIES).as_posix())
def test_a_query_of_the_product_keeps_to_the_subset(path: Path) -> None:
    name = path.relative_to(sql_lint.QUERIES).with_suffix("").as_posix()
    assert [str(finding) for finding in lint_file(name, path.read_text(encoding="utf-8"))] == []
