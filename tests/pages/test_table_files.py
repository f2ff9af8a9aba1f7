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
