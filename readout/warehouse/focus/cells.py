"""How a cell of a FOCUS file becomes a value: DuckDB SQL for the value, for what had to be repaired, and for a fault.

A cell is its text, NULL where it is empty. Amounts are read as text and cast to exact
decimals; nothing passes through a float.
"""

from readout.warehouse.contract import Column
from readout.warehouse.focus.columns import VALUES
from readout.warehouse.loading.kinds import from_text, quoted, within

# What may be repaired: code -> how a cell was read, for people.
REPAIRS = {
    "byte_order_mark": "a byte order mark before the header was left out",
    "null_word": "a word for null was read as an empty cell",
    "number_format": "a currency sign, thousands commas, brackets, a plus sign or spaces were taken off a number",
    "missing_zone": "an instant without a zone was read as UTC",
    "month_first_date": "a date was read month first, day second, year last",
    "date_format": "an instant was read that is not written YYYY-MM-DDTHH:mm:ssZ",
    "spelling": "a value was spelled as FOCUS spells it",
}

_STRICT_NUMBER = r"-?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?"
_PLAIN_NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?"
_GROUPED = r"(\d{1,3}(,\d{3})+|\d+)(\.\d*)?"
_LOOSE_NUMBER = rf"[+-]? ?[$€£¥]? ?[+-]?{_GROUPED}"
_BRACKETS = rf"\( ?[$€£¥]? ?{_GROUPED} ?\)"  # how accountants write what is below zero
_STRICT_INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"
_NO_ZONE = r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?)?"
_MONTH_FIRST = r"(\d{1,2})/(\d{1,2})/(\d{4}|\d\d)( (\d{1,2}):(\d\d)(:(\d\d))?)?"
_INSTANT = Column("instant", "instant")
_BLANKS = "' \t\r\n\u00a0'"


def trimmed(text: str) -> str:
    """Return SQL for text without the blanks around it."""
    # Trimming a set of characters costs twenty times as much as trimming spaces.
    rare = f"regexp_matches({text}, '[\t\r\n\u00a0]')"
    return f"CASE WHEN {rare} THEN trim({text}, {_BLANKS}) ELSE trim({text}) END"


def amount_text(cell: str) -> str:
    """Return SQL for the digits of an amount as a plain number; NULL where the cell is none."""
    text = trimmed(cell)
    return (
        f"CASE WHEN regexp_full_match({cell}, '{_STRICT_NUMBER}') THEN {cell} "
        f"WHEN regexp_full_match({text}, '{_PLAIN_NUMBER}') THEN ltrim({text}, '+') "
        f"WHEN regexp_full_match({text}, '{_LOOSE_NUMBER}') THEN regexp_replace({text}, '[$€£¥,+ ]', '', 'g') "
        f"WHEN regexp_full_match({text}, '{_BRACKETS}') THEN '-' || regexp_replace({text}, '[$€£¥,() ]', '', 'g') END"
    )


def amount_repair(cell: str, digits: str) -> str:
    """Return SQL for the code of what was repaired in a readable amount, NULL where nothing was."""
    return f"CASE WHEN {cell} <> {digits} THEN 'number_format' END"


def money(digits: str) -> str:
    """Return SQL for digits as the warehouse keeps money: twelve decimals, the rest rounded half away from zero."""
    return f"TRY_CAST({digits} AS DECIMAL(38,12))"


def finer(digits: str) -> str:
    """Return SQL for digits that may not fit twelve decimals, NULL for those that do."""
    return (
        f"CASE WHEN contains({digits}, 'e') OR contains({digits}, 'E') "
        f"OR length(rtrim(split_part({digits}, '.', 2), '0')) > 12 THEN {digits} END"
    )


def instant_text(cell: str) -> str:
    """Return SQL for the text of an instant in ISO 8601; what is not month first stays as it is."""
    text = trimmed(cell)

    def part(number: int) -> str:
        return f"regexp_extract({text}, '{_MONTH_FIRST}', {number})"

    year = f"CASE WHEN length({part(3)}) = 2 THEN '20' || {part(3)} ELSE {part(3)} END"
    day = f"{year} || '-' || lpad({part(1)}, 2, '0') || '-' || lpad({part(2)}, 2, '0')"
    clock = f"CASE WHEN {part(4)} = '' THEN '' ELSE 'T' || lpad({part(5)}, 2, '0') || ':' || {part(6)} || {part(7)} END"
    return (
        f"CASE WHEN regexp_full_match({cell}, '{_STRICT_INSTANT}') THEN {cell} "
        f"WHEN contains({cell}, '/') AND regexp_full_match({text}, '{_MONTH_FIRST}') "
        f"THEN ({day}) || ({clock}) || 'Z' ELSE {text} END"
    )


def instant_repair(cell: str) -> str:
    """Return SQL for the code of what was repaired in a readable instant, NULL where nothing was."""
    return (
        f"CASE WHEN regexp_full_match({cell}, '{_STRICT_INSTANT}') THEN NULL "
        f"WHEN contains({cell}, '/') THEN 'month_first_date' "
        f"WHEN regexp_full_match({trimmed(cell)}, '{_NO_ZONE}') THEN 'missing_zone' "
        f"WHEN {cell} IS NOT NULL THEN 'date_format' END"
    )


def instant(text: str) -> str:
    """Return SQL for an instant (naive UTC) from ISO text, NULL where there is no such instant."""
    return from_text(_INSTANT, text)


def in_reach(value: str) -> str:
    """Return SQL for an instant that lies in the years in which things happen, NULL for any other."""
    return f"CASE WHEN {within(_INSTANT, value)} THEN {value} END"


def listed(name: str, cell: str) -> str:
    """Return SQL for a value of a closed list, spelled as FOCUS does; a value that is not on the list stays."""
    cases = " ".join(f"WHEN {quoted(_folded(value))} THEN {quoted(value)}" for value in VALUES[name])
    strict = ", ".join(map(quoted, VALUES[name]))
    folded = f"lower(regexp_replace({cell}, '[^A-Za-z]', '', 'g'))"
    return f"CASE WHEN {cell} IN ({strict}) THEN {cell} ELSE CASE {folded} {cases} ELSE {cell} END END"


def _folded(value: str) -> str:
    return "".join(char for char in value if char.isalpha()).lower()
