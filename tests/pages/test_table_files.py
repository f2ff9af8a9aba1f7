"""Every table of a page can be taken away, with the numbers that stand behind it."""

from readout import words
from readout.words import page_tables as said


def test_the_tables_of_a_page_are_offered_with_their_numbers(visit):
    page = visit("throughput")
    offered = [button.proto.label for button in page.get("download_button")]
    assert [name for name, _ in said.OFFERS.values()] == offered[-2:]
    volume = page.session_state["tables_of_this_run"]["Systems"]
    heads = [head for head, numbers in volume.columns() if numbers]
    assert "Completed, tasks" in heads
    place = volume.heads.index("Completed, tasks")
    for row in volume.rows:
        number, shown = row[place].number, row[place].shown
        assert words.count(number) == shown
    assert not any("<" in cell.shown for row in volume.rows for cell in row)


def test_a_number_stays_one_whatever_is_drawn_around_it(visit):
    """The cost per accepted task is bold on its page, a share has its interval under it: both are numbers in a file."""

    def numbers(name, title, head):
        table = visit(name).session_state["tables_of_this_run"][words.SECTIONS[title][0]]
        place = next(place for place, one in enumerate(table.heads) if one.startswith(head))
        return [row[place] for row in table.rows if place < len(row)]

    costs = [cell for cell in numbers("unit_cost", "cost_levels", "Accepted") if cell.number is not None]
    assert costs
    assert all(words.amount("cost_per_accepted_task", cell.number, cell.unit) == cell.shown for cell in costs)
    shares = [cell for cell in numbers("quality", "escalations", "Escalated") if cell.number is not None]
    assert shares
    assert all(abs(float(cell.shown.split("%")[0]) - 100 * float(cell.number)) <= 0.5 for cell in shares)
