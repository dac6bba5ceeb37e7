"""Text, links and formulas in Markdown."""

from __future__ import annotations

from collections.abc import Iterator


def escaped(text: str) -> str:
    """Return plain text so that Markdown shows it as it is; code in backticks stays code."""
    parts = text.split("`")
    for index in range(0, len(parts), 2):
        for sign in "\\*_[]<>$#{}~|":
            parts[index] = parts[index].replace(sign, f"\\{sign}")
    return "`".join(parts)


def link(name: str, folder: str = "") -> str:
    """Return a link to the page of a claim, from a page beside it or above its folder (`derivations/`)."""
    return f"[{name}]({folder}{name}.md)"


def cell(latex: str) -> str:
    """Return a formula for a table, where a bar would end the cell."""
    return f"${latex}$".replace("|", r"\vert ")


def display(latex: str, indent: str = "") -> Iterator[str]:
    """Yield a formula on lines of its own."""
    yield f"{indent}$$"
    yield f"{indent}{latex}"
    yield f"{indent}$$"
    yield ""


def sentence(text: str) -> str:
    """Return plain text with a full stop at its end."""
    return escaped(text) + ("" if text.endswith((".", "…")) else ".")
