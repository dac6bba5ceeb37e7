"""The claims of 'Ascent Fails to Forget' decided, and its KLoM study run with a score that can be trusted."""

from pathlib import Path

__version__ = "0.1.0"

_ROOT = Path(__file__).resolve().parent.parent
if (_ROOT / "theory" / "claims").is_dir() and (_ROOT / "pyproject.toml").is_file():
    __path__ = [*__path__, str(_ROOT)]  # in a checkout the packages stand beside this folder
