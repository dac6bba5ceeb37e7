"""The documentation site: Markdown by MyST, built by Sphinx, formulas by the MathJax that comes with it.

Why this stack: a site must open from disk without a network, formulas and search included, with nothing to install
but Python packages. `explanation/documentation.md` says what else was tried.
"""

import ast
import importlib.util
import re
import sys
from pathlib import Path
from typing import TypeVar

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ascentcheck import __version__  # noqa: E402


def import_types() -> None:
    """Import all modules with the types that they name in signatures alone (`if TYPE_CHECKING`), so that these resolve."""
    for package in ("theory", "empirics", "figures"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(("ascentcheck", *path.relative_to(ROOT).with_suffix("").parts))
            if path.stem != "__main__" and not path.stem.startswith("test_"):
                importlib.import_module(name.removesuffix(".__init__"))
    ours = [m for name, m in list(sys.modules.items()) if name.split(".")[0] == "ascentcheck" and m.__file__]
    for module in ours:
        for node in ast.parse(Path(module.__file__).read_text(encoding="utf-8")).body:
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
                exec(compile(ast.Module(node.body, []), module.__file__, "exec"), vars(module))


import_types()

project = "ascentcheck"
author = "The ascentcheck authors"
version = release = __version__
copyright = author

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
    "sphinx-mathjax-offline",
]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
templates_path = ["_templates"]
exclude_patterns = ["_templates"]
smartquotes = False  # the paper is quoted as it is printed

nitpicky = True
# Names of other packages cannot be looked up without a network, and private names have no page; ours must resolve.
nitpick_ignore_regex = [(r"py:.*", r"(?!ascentcheck\b).*"), (r"py:.*", r".*\._\w+")]

autosummary_generate = True
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": True, "exclude-members": "model_config"}
autodoc_mock_imports = [name for name in ("ray",) if importlib.util.find_spec(name) is None]
autodoc_preserve_defaults = True
default_role = "code"

html_theme = "furo"
html_title = "ascentcheck"
html_static_path = ["_static"]
html_extra_path = ["../figures/play.html"]  # beside the index, whole as it is
html_css_files = ["site.css"]
html_favicon = None
html_show_sphinx = False
html_copy_source = False
html_domain_indices = False
html_show_search_summary = False  # summaries would be fetched, which a browser forbids from disk
html_theme_options = {"top_of_page_buttons": []}
mathjax3_config = {"chtml": {"displayAlign": "left", "displayIndent": "0"}, "options": {"enableMenu": False}}


def plain(app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    """Docstrings are plain text in which backticks mark code: keep reStructuredText from reading more into them."""
    text = "\n".join(lines)
    parts = re.split(r"(`+[^`]+`+)", text)
    for index, part in enumerate(parts):
        if index % 2 == 0:
            parts[index] = re.sub(r"([\\*|_])", r"\\\1", part)
        else:
            parts[index] = "``" + part.strip("`") + "``"
    lines[:] = "".join(parts).split("\n")


def foreign(app: Sphinx, what: str, name: str, obj: object, skip: bool, options: object) -> bool | None:
    """Leave out what a module imports from elsewhere: autodoc reads such signatures only to drop them."""
    home = getattr(obj, "__module__", None)
    ours = home is None or str(home).split(".")[0] == "ascentcheck"
    return None if ours or what != "module" else True


def variable(app: Sphinx, env: object, node: nodes.Element, content: nodes.Node) -> nodes.Node | None:
    """A type variable of ours has no page: show its name without a link."""
    module, _, name = node.get("reftarget", "").rpartition(".")
    found = getattr(sys.modules.get(module), name, None)
    return content if isinstance(found, TypeVar) else None


def without_modules(app: Sphinx, env: BuildEnvironment) -> None:
    """Keep modules out of the navigation beside each page: hundreds of links, laid out anew for each of hundreds of pages.

    A package's page lists its modules, and theirs lead back to it.
    """
    for name, contents in env.tocs.items():
        if name.startswith("reference/modules/"):
            for inner in list(contents.findall(addnodes.toctree)):
                inner.parent.remove(inner)


def setup(app: Sphinx) -> None:
    """Register the hooks above."""
    app.connect("autodoc-process-docstring", plain)
    app.connect("autodoc-skip-member", foreign)
    app.connect("missing-reference", variable)
    app.connect("env-updated", without_modules)
