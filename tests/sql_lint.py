"""The portable subset of SQL, as a lint over queries/.

One text runs on PostgreSQL and DuckDB, and through sqlglot on Spark, only where it keeps to constructs that mean the
same on all of them. This is a style gate, not a security boundary, and it does not replace the contract tests that
compare results.

    python -m tests.sql_lint [FILE...]
"""

import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokens import TokenType

from readout.warehouse import catalog, rebuild

ROOT = Path(__file__).resolve().parent.parent
QUERIES = ROOT / "queries"
DIALECT = "postgres"
PARAM_TYPES = frozenset(catalog.DTYPES) | {"text[]", "date[]", "timestamp[]", "bigint[]"}


@dataclass(frozen=True)
class Finding:
    """One reason why a text is refused."""

    rule: str
    detail: str

    def __str__(self) -> str:
        """Return the rule and what broke it."""
        return f"{self.rule}: {self.detail}"


Rule = Callable[[exp.Expr], Iterator[exp.Expr]]


def _any_of(*kinds: type[exp.Expr]) -> Rule:
    return lambda tree: tree.find_all(*kinds)


def _stars(tree: exp.Expr) -> Iterator[exp.Expr]:
    return (star for star in tree.find_all(exp.Star) if not isinstance(star.parent, exp.Count))


def _coarse_truncation(tree: exp.Expr) -> Iterator[exp.Expr]:
    for node in tree.find_all(exp.TimestampTrunc, exp.DateTrunc):
        if node.unit is None or node.unit.name.lower() not in {"hour", "day"}:
            yield node


def _is_double(node: exp.Expr) -> bool:
    node = node.unnest()
    if isinstance(node, exp.Nullif):
        return _is_double(node.this)
    return isinstance(node, exp.Cast) and node.to.this == exp.DType.DOUBLE


def _whole_division(tree: exp.Expr) -> Iterator[exp.Expr]:
    # 7 / 2 is 3 on PostgreSQL and 3.5 on DuckDB
    return (node for node in tree.find_all(exp.Div) if not (_is_double(node.this) and _is_double(node.expression)))


def _unguarded_division(tree: exp.Expr) -> Iterator[exp.Expr]:
    # 1 / 0 is an error on PostgreSQL and infinity on DuckDB
    for node in tree.find_all(exp.Div):
        divisor = node.expression.unnest()
        constant = isinstance(divisor, exp.Cast) and isinstance(divisor.this, exp.Literal) and divisor.this.name != "0"
        if not constant and not divisor.find(exp.Nullif) and not _asked_before(node, divisor):
            yield node


def _asked_before(node: exp.Expr, value: exp.Expr) -> bool:
    # CASE WHEN b > 0 THEN a / b END
    case = node.find_ancestor(exp.Case)
    columns = set(value.find_all(exp.Column))
    return case is not None and any(columns & set(branch.this.find_all(exp.Column)) for branch in case.args["ifs"])


def _unguarded_logarithm(tree: exp.Expr) -> Iterator[exp.Expr]:
    # LN(0) is an error, minus infinity or NULL
    return (node for node in tree.find_all(exp.Ln, exp.Log) if not _asked_before(node, node.this))


NEEDS_NO_FRAME = (
    exp.RowNumber, exp.Rank, exp.DenseRank, exp.PercentRank, exp.CumeDist, exp.Ntile, exp.Lag, exp.Lead
)  # fmt: skip


def _implicit_frames(tree: exp.Expr) -> Iterator[exp.Expr]:
    for node in tree.find_all(exp.Window):
        if isinstance(node.parent, exp.Select) and node.arg_key == "windows":
            continue  # the named window itself; its use is refused
        spec = node.args.get("spec")
        framed = spec is not None and str(spec.args.get("kind", "")).upper() == "ROWS"
        whole_partition = spec is None and node.args.get("order") is None and not node.alias
        if not (framed or whole_partition or (isinstance(node.this, NEEDS_NO_FRAME) and not node.alias)):
            yield node


def _writes(tree: exp.Expr) -> Iterator[exp.Expr]:
    if not isinstance(tree, exp.Query) or isinstance(tree, exp.Subquery):
        yield tree
    yield from tree.find_all(exp.DML, exp.DDL, exp.Into, exp.Copy, exp.Command, exp.Drop, exp.Set, exp.Lock)


def _lone_subqueries(tree: exp.Expr) -> Iterator[exp.Expr]:
    # Citus refuses them
    for select in tree.find_all(exp.Select):
        aggregates = any(item.find(exp.AggFunc) for item in select.expressions)
        if aggregates:
            yield from (item for item in select.expressions if item.find(exp.Subquery, exp.Exists))


def _odd_any(tree: exp.Expr) -> Iterator[exp.Expr]:
    # = ANY(CAST(:systems AS TEXT[])) is how a list is bound, and the only array there is
    for node in tree.find_all(exp.Any):
        bound = node.this.unnest()
        if not (isinstance(bound, exp.Cast) and isinstance(bound.this, exp.Placeholder)):
            yield node


FUNCTIONS = (
    # words that sqlglot holds for functions
    exp.And, exp.Or, exp.Xor, exp.Not, exp.Case, exp.If, exp.Cast, exp.Exists, exp.Any,
    # NULLs, numbers, text, dates
    exp.Coalesce, exp.Nullif, exp.Abs, exp.Ceil, exp.Floor, exp.Exp, exp.Ln, exp.Sqrt, exp.Greatest, exp.Least,
    exp.Lower, exp.Upper, exp.Length, exp.Trim, exp.Substring, exp.TimestampTrunc, exp.DateTrunc,
    # aggregates and windows
    exp.Count, exp.Sum, exp.Min, exp.Max, exp.Avg, *NEEDS_NO_FRAME, exp.FirstValue, exp.LastValue,
)  # fmt: skip


def _foreign_functions(tree: exp.Expr) -> Iterator[exp.Expr]:
    return (node for node in tree.find_all(exp.Func) if not isinstance(node, (*FUNCTIONS, *NAMED_ELSEWHERE)))


CLOCKS = (
    exp.CurrentTimestamp, exp.CurrentDate, exp.CurrentTime, exp.CurrentDatetime, exp.Localtime, exp.Localtimestamp
)  # fmt: skip
SERIES = (exp.GenerateSeries, exp.ExplodingGenerateSeries, exp.Unnest)
PERCENTILES = (exp.PercentileCont, exp.PercentileDisc, exp.WithinGroup, exp.Median, exp.Quantile)
TEXT = (exp.GroupConcat, exp.ArrayAgg, exp.TimeToStr, exp.ToChar, exp.ILike, exp.RegexpLike)
# refused under a rule of its own, with a better name
NAMED_ELSEWHERE = (exp.Interval, exp.Extract, exp.AtTimeZone, *CLOCKS, *SERIES, *PERCENTILES, *TEXT, exp.Log)

RULES: dict[str, Rule] = {
    "only one SELECT": _writes,
    "no SELECT *": _stars,
    "no INTERVAL": _any_of(exp.Interval),
    "no EXTRACT": _any_of(exp.Extract),
    "no AT TIME ZONE": _any_of(exp.AtTimeZone),
    "no clock": _any_of(*CLOCKS),
    "no series": _any_of(*SERIES),
    "date_trunc by hour or day": _coarse_truncation,
    "no percentile in SQL": _any_of(*PERCENTILES),
    "no FILTER": _any_of(exp.Filter),
    "no DISTINCT ON": lambda tree: (node for node in tree.find_all(exp.Distinct) if node.args.get("on")),
    "no grouping sets": _any_of(exp.GroupingSets, exp.Rollup, exp.Cube),
    "no text assembly": _any_of(*TEXT),
    "no LATERAL": _any_of(exp.Lateral),
    "no VALUES": _any_of(exp.Values),
    "no ORDER BY in an aggregate": lambda tree: (
        node for node in tree.find_all(exp.Order) if isinstance(node.parent, exp.AggFunc)
    ),
    "no IGNORE NULLS": _any_of(exp.IgnoreNulls, exp.RespectNulls),
    "divide doubles": _whole_division,
    "guard the divisor": _unguarded_division,
    "guard the logarithm": _unguarded_logarithm,
    "explicit ROWS frame": _implicit_frames,
    "no subquery beside an aggregate": _lone_subqueries,
    "ANY over a bound list": _odd_any,
    "functions of the subset": _foreign_functions,
}
TOKEN_RULE = "NULLS after DESC"  # noqa: S105 - tokens of SQL
PARSE_RULE = "parses as PostgreSQL"
HEADER_RULES = ("header", "params of the header", "columns of the header")


def lint(sql: str) -> list[Finding]:
    """Return why a text leaves the portable subset; an empty list when it does not."""
    logging.getLogger("sqlglot").setLevel(logging.ERROR)  # an unknown statement is reported here, not logged
    try:
        trees = [tree for tree in sqlglot.parse(sql, dialect=DIALECT) if tree is not None]
        tokens = sqlglot.tokenize(sql, dialect=DIALECT)
    except SqlglotError as error:
        return [Finding(PARSE_RULE, str(error).splitlines()[0])]
    if len(trees) != 1:
        return [Finding("only one SELECT", f"{len(trees)} statements")]
    found = [
        Finding(rule, node.sql(dialect=DIALECT)[:120]) for rule, breaks in RULES.items() for node in breaks(trees[0])
    ]
    # sqlglot's tree fills in the default order of NULLs, so only the text says whether it was written
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.token_type == TokenType.DESC and (following is None or following.text.upper() != "NULLS"):
            found.append(Finding(TOKEN_RULE, f"line {token.line}"))
    return found


def lint_file(name: str, text: str) -> list[Finding]:
    """Return why a query file is refused: its header, its parameters, its columns, its SQL."""
    try:
        query = catalog.parse(name, text)
    except ValueError as error:
        return [Finding("header", str(error))]
    found = lint(query.sql)
    if any(finding.rule in {PARSE_RULE, "only one SELECT"} for finding in found):
        return found
    if not query.title:
        found.append(Finding("header", "the title is empty"))
    # what refresh reads goes into tables, not frames: it may also be a type of theirs
    known_columns = {*catalog.DTYPES, *(rebuild.SQL_TYPES if name.startswith("refresh/") else ())}
    found += [
        Finding("header", f"unknown type '{kind}' of {label} {field}")
        for label, known, fields in (
            ("param", PARAM_TYPES, query.params),
            ("column", known_columns, query.columns),
        )
        for field, kind in fields.items()
        if kind not in known
    ]
    tree = sqlglot.parse_one(query.sql, dialect=DIALECT)
    used = {node.name for node in tree.find_all(exp.Placeholder)}
    found += [
        Finding("params of the header", f"{state}: {', '.join(sorted(names))}")
        for state, names in (("not declared", used - set(query.params)), ("not used", set(query.params) - used))
        if names
    ]
    given = [item.alias_or_name for item in tree.selects] if isinstance(tree, exp.Query) else []
    if given != list(query.columns):
        found.append(Finding("columns of the header", f"declared {list(query.columns)}, selected {given}"))
    return found


def files(root: Path = QUERIES) -> list[Path]:
    """Return every query file below a folder, sorted."""
    return sorted(root.rglob("*.sql"))


def main(arguments: list[str]) -> int:
    """Lint the named files, or all of them; print each finding; return 1 when there is any."""
    count = 0
    for path in map(Path, arguments) if arguments else files():
        name = path.resolve().relative_to(QUERIES).with_suffix("").as_posix()
        for finding in lint_file(name, path.read_text(encoding="utf-8")):
            count += 1
            sys.stdout.write(f"queries/{name}.sql: {finding}\n")
    return 1 if count else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
