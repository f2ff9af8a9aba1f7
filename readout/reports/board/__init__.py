"""The one-minute page to take away: two pages of PDF, or one page of HTML, of the same document."""

from typing import Literal

Kind = Literal["pdf", "html"]
