"""Claims as pages of Markdown."""

from ascentcheck.theory.pages.checks import example
from ascentcheck.theory.pages.claim_page import MADE, page
from ascentcheck.theory.pages.markdown import escaped, link
from ascentcheck.theory.pages.statements import correction

__all__ = ["MADE", "correction", "escaped", "example", "link", "page"]
