"""What docs/add-a-language.md tells a trainer to write is a language."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from textwrap import dedent

from spamlab.generate.traffic import open_traffic

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs/add-a-language.md").read_text(encoding="utf-8")


def test_the_page_makes_a_language(tmp_path: Path) -> None:
    """Its three files, written as the page says, give text messages of both labels through the recipe sms."""
    files = re.findall(r"`datasets/(languages/nl/[\w/.]+)`.*?```toml\n(.*?)```", PAGE, re.DOTALL)
    assert [name for name, _ in files] == [
        "languages/nl/language.toml", "languages/nl/sms/vriend.toml", "languages/nl/sms/pakket.toml"]
    for name, content in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(dedent(content), encoding="utf-8")
    (tmp_path / "recipes").mkdir()
    shutil.copy(ROOT / "datasets/recipes/sms.toml", tmp_path / "recipes")
    traffic = open_traffic(tmp_path, "sms", 1, language="nl")
    records = [traffic.made(number).record for number in range(200)]
    assert {record["label"] for record in records} == {"spam", "ham"}
    assert len({record["text"] for record in records}) > 100
    assert not any("{" in record["text"] for record in records)
