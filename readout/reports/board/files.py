"""The board document as a file: made, read again, compared, and only then handed over."""

import io
from datetime import datetime
from html.parser import HTMLParser

import pypdf

from readout import words
from readout.briefs.results_board import BoardBrief
from readout.reports.board import Kind
from readout.reports.board.paper import Limits, document
from readout.reports.document import Document, pdf_bytes, shown
from readout.reports.hypertext import page
from readout.reports.reread import MismatchError

# How much of systems and of changes is tried on paper, the most first: the first that makes two sheets is taken.
ON_PAPER = tuple(Limits(systems, changes) for systems in (12, 10, 7, 5) for changes in (4, 3, 2, 1))
SHEETS = 2


def make(brief: BoardBrief, kind: Kind, made_at: datetime, address: str = "") -> bytes:
    """Return the file; `address`: where the same view opens in the product, "" where nobody has said.

    Raises:
        MismatchError: the file does not show every text of the document; it is not handed over.
    """
    if kind == "pdf":
        return _sheets(brief, made_at)
    paper = document(brief, made_at)
    text = page(paper, words.HOW, (address, words.board.OPEN) if address else ("", ""))
    compare(paper, html_text(text))
    return text.encode()


def _sheets(brief: BoardBrief, made_at: datetime) -> bytes:
    """Return the PDF with as much as two sheets hold; where even the least is more, on the sheets that it needs."""
    for limits in ON_PAPER:
        paper = document(brief, made_at, limits)
        content = pdf_bytes(paper)
        pages = pdf_pages(content)
        if len(pages) <= SHEETS:
            break
    compare(paper, "\n".join(pages))
    return content


def compare(paper: Document, text: str) -> None:
    """Compare every text that a document shows with what is read from its file; where lines break does not matter.

    Raises:
        MismatchError: naming the first texts that are missing.
    """
    found = _closed(text)
    missing = [one for one in shown((paper.title, paper.header, paper.blocks)) if _closed(one) not in found]
    if missing:
        message = f"the file does not show {'; '.join(map(repr, missing[:5]))}; it is not handed over"
        raise MismatchError(message)


def _closed(text: str) -> str:
    return "".join(text.split())


def pdf_pages(content: bytes) -> list[str]:
    """Return the text of a PDF, page by page."""
    return [one.extract_text() for one in pypdf.PdfReader(io.BytesIO(content)).pages]


def html_text(content: str) -> str:
    """Return the text of a page of HTML, without its style."""
    reader = _Words()
    reader.feed(content)
    return "".join(reader.parts)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._style = False

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.parts.append(data)
