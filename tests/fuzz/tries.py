"""Inputs tried with a parser, until one of them makes it do what it may not."""

import shutil
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz import changes
from tests.fuzz.guard import CrashError, guarded


def attempt(parser, folder, content, **limits):
    """Return what a parser makes of an input: 'value', or 'refused'. Raises CrashError for anything that it may not do."""
    (folder / parser.name).write_bytes(content)
    try:
        with guarded(**limits):
            parser.read(folder)
    except parser.errors as error:
        if not str(error) or len(str(error).splitlines()) != 1:
            raise CrashError(f"a message of no line or several: {error!r}") from None
        return "refused"
    except MemoryError:
        raise CrashError("asks for more memory than there is") from None
    except Exception as error:
        raise CrashError(f"raises {error!r}"[:600]) from error
    return "value"


@contextmanager
def clean(folder):
    """Yield a folder that is removed."""
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def tried(parser, place, count, number=0, **limits):
    """Return how many inputs gave a value, and how many were refused. Raises CrashError with the input at its smallest."""
    samples, counts, last = parser.samples(), Counter(), []
    with clean(Path(place) / f"fuzz-{number}") as folder:
        (folder / parser.name).parent.mkdir(parents=True, exist_ok=True)
        parser.beside(folder)
        for sample in samples:  # also what a first call imports
            _unguarded(parser, folder, sample.content)

        @seed(number)
        @settings(
            max_examples=count,
            deadline=None,
            database=None,
            report_multiple_bugs=False,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        @given(changes.inputs(samples))
        def one(content):
            last[:] = [content]
            try:
                counts[attempt(parser, folder, content, **limits)] += 1
            except CrashError as crash:  # hypothesis makes smaller what raises an Exception
                raise AssertionError(str(crash)) from crash.__cause__

        try:
            one()
        except Exception as error:
            if isinstance(error, ExceptionGroup):  # an input that does not crash again
                error = error.exceptions[0]
            raise CrashError(f"{error}; the input {last[0][:400]!r} ({len(last[0]):,} bytes)") from error
    return counts


def _unguarded(parser, folder, content):
    (folder / parser.name).write_bytes(content)
    try:
        parser.read(folder)
    except Exception:
        return
