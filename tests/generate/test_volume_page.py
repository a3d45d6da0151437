"""The page of volumes has its figures, and each figure says in words what it shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from spamlab.generate import volume_page


def test_page_and_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure for each economy and one for the campaigns, with alt text of figures; the same bytes each time."""
    monkeypatch.setattr(volume_page, "MESSAGES", 300)
    monkeypatch.setattr(volume_page, "SHOWN", ("advanced-city",))
    for name in ("a.md", "b.md"):
        assert volume_page.main([str(tmp_path / name)]) == 0
    page = (tmp_path / "a.md").read_text(encoding="utf-8")
    assert page == (tmp_path / "b.md").read_text(encoding="utf-8")
    images = sorted(path.name for path in (tmp_path / "images").iterdir())
    assert images == ["campaigns.svg", "volumes-advanced-city.svg"]
    assert all(f"](images/{name})" in page for name in images)
    assert "![Advanced city: " in page
    assert "fake_job (chat) from " in page
    first = (tmp_path / "images" / "campaigns.svg").read_bytes()
    volume_page.main([str(tmp_path / "a.md")])
    assert (tmp_path / "images" / "campaigns.svg").read_bytes() == first
