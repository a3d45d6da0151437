"""The JSON Schema (draft 2020-12) of a policy document, made from the instruments; `python -m spamlab.policy.schema`
prints it. It is committed as docs/reference/policy.schema.json.

Does not belong here: what a schema can't say, such as needs between measures (document).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from spamlab.policy.document import LONGEST_TEXT, LONGEST_TITLE, MOST_MEASURES, TEXTS, WEEKS_A_YEAR, YEARS
from spamlab.policy.economies import economy_names
from spamlab.policy.instruments import PILLARS, Instrument, Setting, read_instruments


def schema(datasets: Path | None = None) -> dict[str, Any]:
    """The schema, for the instruments and economies in a folder of datasets; default those that are shipped."""
    instruments = read_instruments(datasets / "policy" / "instruments" if datasets else None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Policy against spam",
        "description": "A policy document of spamlab, as it is in TOML. Made by python -m spamlab.policy.schema; "
                       "needs between measures and settings that exclude each other are checked when it is read.",
        "type": "object",
        "additionalProperties": False,
        "required": ["title", "economy", "years"],
        "properties": {
            "title": {"type": "string", "minLength": 1, "maxLength": LONGEST_TITLE, "description": "In one line."},
            "economy": {"enum": list(economy_names(datasets / "profiles" if datasets else None)),
                        "description": "The economy it is made for: a profile in datasets/profiles."},
            "years": {"type": "integer", "minimum": YEARS[0], "maximum": YEARS[1]},
            "text": {
                "type": "object", "additionalProperties": False,
                "description": "What only people can judge; needed before a score is shown.",
                "properties": {
                    key: {"type": "string", "maxLength": LONGEST_TEXT, "title": text.title,
                          "description": f"{text.about} At least {text.words} words."}
                    for key, text in TEXTS.items()}},
            "measure": {
                "type": "array", "maxItems": MOST_MEASURES,
                "description": "The measures in order of priority, each instrument once.",
                "items": {"oneOf": [{"$ref": f"#/$defs/{name}"} for name in instruments]}},
        },
        "$defs": {name: _measure(one) for name, one in instruments.items()},
    }


def _measure(instrument: Instrument) -> dict[str, Any]:
    needs = f" Needs: {', '.join(instrument.needs)}." if instrument.needs else ""
    return {
        "type": "object", "additionalProperties": False, "required": ["instrument"],
        "title": instrument.title, "description": f"{PILLARS[instrument.pillar]}. {instrument.about}{needs}",
        "properties": {
            "instrument": {"const": instrument.id},
            "start": {"type": "integer", "minimum": 0, "maximum": YEARS[1] * WEEKS_A_YEAR - 1, "default": 0,
                      "description": "The earliest week in which the set-up begins."},
            **{one.name: _setting(one) for one in instrument.settings}},
    }


def _setting(setting: Setting) -> dict[str, Any]:
    about = f"{setting.about} " + " ".join(f"{value}: {label}." for value, label in setting.options)
    told: dict[str, Any] = {"title": setting.label, "description": about.strip()}
    if setting.kind == "choice":
        return {**told, "enum": list(setting.values), "default": setting.default}
    if setting.kind == "many":
        return {**told, "type": "array", "items": {"enum": list(setting.values)}, "minItems": 1, "uniqueItems": True,
                "default": list(setting.default)}
    if setting.kind == "switch":
        return {**told, "type": "boolean", "default": setting.default}
    unit = f" In {setting.unit}." if setting.unit else ""
    return {**told, "description": about.strip() + unit, "type": "number", "minimum": setting.least,
            "maximum": setting.most, "default": setting.default}


def schema_text(datasets: Path | None = None) -> str:
    """The schema as it is committed."""
    return json.dumps(schema(datasets), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
