"""The bridge page: the bars, one of them explained, the table that adds up, and what a reader chooses."""

import re
from decimal import Decimal

from readout import words
from readout.words import bridge as said
from tests.pages.test_pages import shown, state


def table(test, section):
    """Return the rows of a section's table as text."""
    text = shown(test)
    [found] = re.findall(rf'aria-label="{re.escape(section)}".*?</table>', text, re.DOTALL)
    rows = re.findall(r"<tr.*?</tr>", found, re.DOTALL)[1:]
    return [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)] for row in rows]


def number(cell):
    return Decimal(0) if cell == "–" else Decimal(cell.replace(",", "").replace("−", "-"))


def test_the_table_adds_up_as_it_is_shown(visit):
    test = visit("bridge", period="4w")
    assert not test.exception
    *rows, total = [[number(cell) for cell in row[1:]] for row in table(test, words.SECTIONS["bridge_table"][0])]
    assert len(rows) > 5
    assert [sum(column) for column in zip(*rows, strict=True)] == total
    assert all(sum(row[:-2]) == row[-2] for row in (*rows, total))


def test_a_bar_is_explained_by_what_it_is_made_of(visit):
    test = visit("bridge", period="4w")
    test.segmented_control(key="bridge_bar").set_value("volume").run()
    text = shown(test)
    assert said.MEANINGS["volume"] in text
    assert "(q1 − q0) × P̄" in text
    rows = table(test, said.BARS["volume"])
    assert rows[0][5].startswith("(")
    assert sum(number(row[-1]) for row in rows[:-1]) == number(rows[-1][-1])


def test_the_address_holds_what_a_reader_chose(visit):
    test = visit("bridge", period="4w", level="inference", method="standard_mix", items="systems")
    assert "Inference cost " in shown(test)
    assert test.selectbox(key="bridge_method").value == "standard_mix"
    test.selectbox(key="bridge_level").set_value("with_people").run()
    assert "Cost with people " in shown(test)
    assert test.query_params["level"] == "with_people"


def test_without_a_comparison_the_page_says_what_to_choose(visit):
    test = visit("bridge", compare="none")
    assert "There is nothing to compare this period with" in shown(test)
    assert said.CHOOSE_ANOTHER in shown(test)
    assert not state(test).endswith("&status=failed")
