"""How every command of the project speaks: one plain line for a mistake, status 2, never a traceback."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click


EXTRAS = {
    **dict.fromkeys(("sympy", "flint", "mpmath", "hypothesis"), "theory"),
    **dict.fromkeys(("torch", "pydantic", "sklearn", "PIL", "threadpoolctl"), "study"),
    **dict.fromkeys(("matplotlib", "jinja2", "latex2mathml"), "figures"),
    "pyarrow": "parquet",
    "trak": "trak",
    "ray": "cluster",
}
"""The extra that brings a package, by the name that is imported."""


class UserError(Exception):
    """Input that cannot be used. The message says what was wrong, where, and what is allowed."""


def one_line(message: str) -> str:
    """Return `message` with all white space folded, so that it prints as a single line."""
    return " ".join(message.split())


def run(command: click.Command, prog: str) -> NoReturn:
    """Run a click command as `prog` and exit: 0 or the command's own status, 2 on bad input, 130 on Ctrl-C."""
    try:
        status = command.main(prog_name=prog, standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message())
        sys.exit(0)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except (click.Abort, KeyboardInterrupt):
        print(f"{prog}: stopped", file=sys.stderr)
        sys.exit(130)
    except click.ClickException as error:
        fail(prog, error.format_message())
    except UserError as error:
        fail(prog, str(error))
    except ModuleNotFoundError as error:
        extra = EXTRAS.get((error.name or "").partition(".")[0])
        if extra is None:
            raise
        fail(prog, f"this needs {error.name}, which is not installed: pip install 'ascentcheck[{extra}]'")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    sys.exit(status if isinstance(status, int) else 0)


def fail(prog: str, message: str) -> NoReturn:
    """Print `prog: message` as one line to standard error and exit with status 2."""
    print(f"{prog}: {one_line(message)}", file=sys.stderr)
    sys.exit(2)
