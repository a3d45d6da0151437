"""A workshop around the lab that `spamlab labs new` makes."""

from pathlib import Path

import pytest

from spamlab.content.identity import Workshop, create_workshop
from spamlab.course.scaffold import new_lab

LAB = "16-sample"
SECRET = bytes(range(32))


@pytest.fixture(scope="session")
def labs_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds one lab."""
    folder = tmp_path_factory.mktemp("labs")
    new_lab(folder, LAB)
    return folder


@pytest.fixture
def workshop(tmp_path: Path, labs_folder: Path) -> Workshop:
    """A workshop of two participants in that lab, whose hints open at once."""
    return create_workshop(
        tmp_path / "class",
        title="Test",
        labs=[LAB],
        participants=2,
        secret=SECRET,
        labs_folder=labs_folder,
        hint_wait_seconds=0,
    )
