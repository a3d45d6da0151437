"""A small folder of content for tests: one language with some types of text messages and e-mails, and recipes."""

from __future__ import annotations

from pathlib import Path

_LANGUAGE = """name = "English"
direction = "ltr"
weekdays = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
"""
_RECIPE = """kind = "traffic"
channel = "{channel}"
about = "A few."
version = 1
spam = 0.5
first_day = 2026-01-05
days = 30
[languages]
en = 1.0
"""
_TYPES = {
    "sms/friends": ("ham", "mobile", 'text = ["see you {weekday} at {#1-12}"]'),
    "sms/parcel": ("spam", "alpha", 'text = ["pay {#10-99} by {tomorrow}: https://x.example/{%xxxx}"]'),
    "email/friends": ("ham", "person", 'subject = ["hello"]\nbody = ["see you {weekday} at {#1-12}\\n\\nFrom me"]'),
    "email/parcel": ("spam", "stranger", 'subject = ["your parcel"]\nbody = ["pay {#10-99}: https://x.example/{%xxxx}"]'),
}


def small_datasets(folder: Path) -> Path:
    """The folder, filled. Its recipes are called "sms" and "email"."""
    (folder / "recipes").mkdir(parents=True)
    language = folder / "languages/en"
    for name, (label, sender, rules) in _TYPES.items():
        path = language / f"{name}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'label = "{label}"\nabout = "One."\nsender = "{sender}"\n[rules]\n{rules}\n', encoding="utf-8")
    (language / "language.toml").write_text(_LANGUAGE, encoding="utf-8")
    for channel in ("sms", "email"):
        (folder / f"recipes/{channel}.toml").write_text(_RECIPE.format(channel=channel), encoding="utf-8")
    return folder
