"""Claims as pages of Markdown."""

from theory.pages.checks import example
from theory.pages.claim_page import MADE, page
from theory.pages.markdown import escaped, link
from theory.pages.statements import correction

__all__ = ["MADE", "correction", "escaped", "example", "link", "page"]
