"""Imported first by the commands that draw: matplotlib refuses to be imported where MPLBACKEND names what is not there.

Notebooks set it for all that they start. Figures are drawn to files, for which no backend is needed.
"""

from __future__ import annotations

import os

os.environ["MPLBACKEND"] = "agg"
