"""The committed schema is that of the instruments, and says of a document what the reader says where it can."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from spamlab.policy.document import Policy, policy_toml
from spamlab.policy.schema import schema, schema_text
from spamlab.shipped import default_folder

from .strategies import policies

COMMITTED = Path(__file__).parents[2] / "docs" / "reference" / "policy.schema.json"
EXAMPLES = sorted((default_folder("datasets") / "policy" / "examples").glob("*.toml"))
VALIDATOR: Any = jsonschema.Draft202012Validator(schema())


def test_the_committed_schema_is_up_to_date() -> None:
    """docs/reference/policy.schema.json is what `python -m spamlab.policy.schema` prints, and is a schema."""
    jsonschema.Draft202012Validator.check_schema(schema())
    assert COMMITTED.read_text(encoding="utf-8") == schema_text()
    run = subprocess.run([sys.executable, "-m", "spamlab.policy.schema"], capture_output=True, text=True, check=True,
                         encoding="utf-8")
    assert json.loads(run.stdout) == schema()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_valid(path: Path) -> None:
    """Each example document is valid."""
    VALIDATOR.validate(tomllib.loads(path.read_text(encoding="utf-8")))


@settings(deadline=None)
@given(policies(most=6))
def test_what_can_be_read_is_valid(policy: Policy) -> None:
    """Every policy that the reader takes is valid."""
    VALIDATOR.validate(tomllib.loads(policy_toml(policy)))


@pytest.mark.parametrize(("key", "value"), [
    ("years", 9), ("economy", "atlantis"), ("colour", "red"), ("text", {"purpose": 3}),
    ("measure", [{"instrument": "magic"}]), ("measure", [{"instrument": "penalties", "maximum": "much"}]),
    ("measure", [{"instrument": "penalties", "start": -1}]), ("measure", [{"instrument": "treaty", "colour": 1}]),
    ("measure", [{"instrument": "consent-law", "channels": []}])])
def test_mistakes_are_not_valid(key: str, value: object) -> None:
    """Wrong types, names and ranges are not valid."""
    document = {"title": "T", "economy": "pacific-island", "years": 2, key: value}
    assert not VALIDATOR.is_valid(document)
