"""The house: rooms, imports, and what must not be in the repository."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_imports_point_one_way() -> None:
    """The import contract in pyproject.toml is kept."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout[-3000:]


def test_each_room_says_what_belongs_in_it() -> None:
    """Each room has a docstring that says what belongs in it or what does not."""
    for room in sorted((ROOT / "src/spamlab").iterdir()):
        if not room.is_dir() or room.name == "__pycache__":
            continue
        text = (room / "__init__.py").read_text(encoding="utf-8")
        assert text.startswith('"""'), room.name


def test_locks_name_no_index() -> None:
    """The lock files hold names and hashes and no address, so that any mirror serves."""
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text
