"""`python -m tests.bad_input`: write docs/reference/bad-input.md, what every command prints to what it cannot use."""

from __future__ import annotations

from pathlib import Path

from ascentcheck.figures.markdown import table
from tests.bad_input.calls import AT_ONCE, SHAPE, answers

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "bad-input.md"
MADE = "<!-- made by `python -m tests.bad_input` from the calls of tests/bad_input: edit there, not here -->"


def page() -> str:
    """Return the page: what every command prints, a table for each parameter."""
    found = answers()
    lines = [
        MADE,
        "",
        "# Bad input",
        "",
        f"What commands answer to what they cannot use: {len(found)} calls, each made when this page was, with what it printed "
        "to standard error after the command's name and a colon. Nothing is printed to standard output, no file is "
        "written or changed, and the exit status is as it stands in the table. `ascentcheck` answers as the commands do that it "
        "calls. Files are named for what is wrong with them.",
    ]
    for about in dict.fromkeys(
        one.about for one, _ in sorted(found, key=lambda f: f[0].about not in (SHAPE, AT_ONCE))
    ):
        rows: dict[tuple[str, ...], list[str]] = {}
        for one, told in found:
            if one.about == about:
                said = told.err.strip().partition(": ")[2]
                key = one.what, _code(one.given), _code(said), str(told.status)
                rows.setdefault(key, []).append(one.command)
        lines += ["", f"## {about}", ""]
        head = ("what is wrong", "given", "printed", "status", "commands")
        lines.append(table(head, [(*key, ", ".join(names)) for key, names in rows.items()]))
    return "\n".join(lines) + "\n"


def _code(text: str) -> str:
    short = text.replace("n" * 300, "nnn…").replace("|", "\\|")
    return f"`` {short} ``" if short.strip() else ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
