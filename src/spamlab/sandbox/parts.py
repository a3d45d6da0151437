"""Which files of the package itself a participant's code may see: what a notebook imports, nothing of the trusted side.

Found by path, so that the sandbox imports no other room.
"""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
POLICY = ("__init__", "bundles", "document", "drawing", "draws", "economies", "feedback", "figures", "instruments",
          "levers", "lines", "market", "mistakes", "model", "pictures", "plan", "play", "prices", "scenarios")
"""The simulator's modules, and what single changes of one's own document do. What judges a policy, or looks for the
best one, is not among them: it would hand out what the participants are to find."""
VISIBLE = ("__init__.py", "errors.py", "shipped.py", "kit", "forensics", "filtering",
           *(f"policy/{name}.py" for name in POLICY), "records/__init__.py", "records/message.py", "records/economy.py")
DATA = ("policy/instruments", "policy/scenarios", "policy/parameters.toml", "profiles")
"""What the simulator reads of the datasets folder: instruments, scenarios, priors, economies."""


def _datasets() -> Path:
    """The datasets that come with the package: those of the source tree, else what is packaged."""
    here = PACKAGE.parents[1] / "datasets"
    return here if here.is_dir() else PACKAGE / "packaged" / "datasets"


def visible_parts(*more: str) -> list[Path]:
    """The files and folders of the package that are seen inside, with `more` by their path in the package.

    What is not there, or can't be read on this machine, is left out.
    """
    seen = [*(PACKAGE / name for name in (*VISIBLE, *more)), *(_datasets() / name for name in DATA)]
    return [one for one in seen if os.access(one, os.R_OK)]
