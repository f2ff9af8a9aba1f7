"""The report is made on click from the page Unit cost, and handed over once its checks have passed."""


def test_the_report_of_a_month_is_made_on_click(visit):
    page = visit("unit_cost")
    before = len(page.get("download_button"))
    page.selectbox(key="report_format").set_value("pdf").run()
    page.button(key="report_make").click().run()
    assert [status.label for status in page.status] == ["The report is ready. Its checks: ALL PASS"]
    assert len(page.get("download_button")) == before + 1
    assert not page.exception
