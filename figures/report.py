"""The report: one HTML file that needs no network, made from the claims' results, the figures and the table."""

from __future__ import annotations

import base64
import platform
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from latex2mathml.converter import convert
from markupsafe import Markup

from ascentcheck import __version__
from ascentcheck.empirics.findings.finding import Finding
from ascentcheck.empirics.findings.finding import Verdict as FindingVerdict
from ascentcheck.empirics.study.table import Row
from ascentcheck.figures.draw import Drawn
from ascentcheck.figures.play import page_text
from ascentcheck.theory.claim import Notation, Proposition, Verdict, Witness
from ascentcheck.theory.notation import Assertion, in_latex, latex_of, range_latex
from ascentcheck.theory.pages.typeset import pieces
from ascentcheck.theory.verify import ClaimResult

if TYPE_CHECKING:
    from ascentcheck.empirics.study.session import Session

PACKAGES = ("numpy", "scipy", "sympy", "python-flint", "torch", "scikit-learn")
COLUMNS = (
    ("forget_set", "forget set"),
    ("method", "method"),
    ("learning_rate", "rate"),
    ("ascent_epochs", "ascent epochs"),
    ("forget_batch", "forget batch"),
    ("batch_norm", "batch norm"),
    ("epoch", "epoch"),
    ("split", "split"),
    ("energy", "energy"),
    ("energy_low", "from"),
    ("energy_high", "to"),
    ("p95", "KLoM p95"),
    ("p95_low", "low"),
    ("p95_high", "high"),
    ("null_p95", "null floor"),
    ("mean", "mean"),
    ("accuracy", "accuracy"),
    ("diverged_unlearned", "diverged"),
    ("cost", "cost"),
)


@dataclass(frozen=True)
class Run:
    """What was run, for the report's last section."""

    study: str
    n_models: int
    seed: int
    jobs: int
    done: int
    failed: tuple[str, ...]
    seconds: float
    data_digest: str
    data: str


def describe(session: Session) -> Run:
    """Return what has been run of a study so far."""
    results = [session.store.get(job.digest) for job in session.plan]
    failures = [
        f"{job.label}: {reason}"
        for job, result in zip(session.plan, results, strict=True)
        if result is None and (reason := session.store.failure(job.digest)) is not None
    ]
    finished = [r for r in results if r is not None]
    return Run(
        session.study.name,
        session.study.n_models,
        session.study.seed,
        len(session.plan),
        len(finished),
        tuple(failures),
        sum(float(r.record["seconds"]) for r in finished),
        session.dataset.digest[:12],
        session.dataset.described,
    )


def mathml(latex: str) -> Markup:
    """Return LaTeX as MathML, which browsers show without help."""
    return Markup(convert(latex))


def _relation(asserts: Assertion, notation: tuple[Notation, ...]) -> Markup:
    return mathml(in_latex(asserts, notation))


def _domain(proposition: Proposition, notation: tuple[Notation, ...]) -> Markup:
    return mathml(range_latex(proposition.domain, notation))


def _witness(witness: Witness) -> str:
    where = ", ".join(f"{symbol} = {value}" for symbol, value in witness.point.items())
    return f"{where or 'no parameters'}: {witness.says}"


def _definition(part: Notation, notation: tuple[Notation, ...]) -> Markup:
    others = tuple(other for other in notation if other is not part)
    return mathml(f"{part.latex} = {latex_of(part.expression, others)}")


def typeset(text: str) -> Markup:
    """Return running text with its formulas as MathML."""
    return Markup("").join(part if isinstance(part, str) else mathml(part.latex) for part in pieces(text))


def section_of(where: str) -> str:
    """Return the first section in which a claim stands, as '§5.1.1'."""
    return where.partition(",")[0]


def by_verdict(results: Sequence[ClaimResult]) -> list[tuple[Verdict, list[str]]]:
    """Return the names of the claims under each verdict, best verdict first."""
    return [
        (verdict, names)
        for verdict in sorted(Verdict, key=lambda v: v.value)
        if (names := [r.claim.name for r in results if r.verdict == verdict])
    ]


def _cell(row: Row, column: str) -> str:
    value = getattr(row, column)
    if value is None or value != value:
        return ""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def render(
    results: Sequence[ClaimResult],
    drawn: Sequence[Drawn],
    rows: Sequence[Row],
    run: Run | None,
    findings: Sequence[Finding] = (),
) -> str:
    """Return the report as HTML. `rows` may be empty and `run` absent: the report says what is missing."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    environment.filters["typeset"] = typeset
    environment.globals.update(section_of=section_of)
    environment.globals.update(relation=_relation, domain=_domain, witness=_witness, definition=_definition)
    pictures = [
        (figure, base64.b64encode(next(f for f in figure.files if f.suffix == ".png").read_bytes()).decode())
        for figure in drawn
    ]
    return environment.get_template("report.html").render(
        results=results,
        verdicts=by_verdict(results),
        sentence_counts=Counter(s.verdict for r in results for s in r.statements),
        sections=sorted(
            {section_of(r.claim.where) for r in results}, key=lambda s: (not s.startswith("§"), s)
        ),
        names={r.claim.name for r in results},
        play=page_text(),
        pictures=pictures,
        columns=COLUMNS,
        cells=[[_cell(row, name) for name, _ in COLUMNS] for row in rows],
        run=run,
        findings=findings,
        verdict_counts=[(v, sum(f.verdict == v for f in findings)) for v in get_args(FindingVerdict)],
        made=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        machine=f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}",
        versions=", ".join([f"ascentcheck {__version__}", *(f"{name} {version(name)}" for name in PACKAGES)]),
    )
