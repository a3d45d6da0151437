"""Cards of data sets: what is in them, with all figures computed from the records themselves.

`python -m spamlab.generate.cards [FOLDER]` writes a card for every built-in recipe into datasets/cards, or into FOLDER.
Since a record is the same in every data set of its recipe and seed, a card counts the first records only.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from importlib.metadata import metadata
from pathlib import Path
from statistics import quantiles

from spamlab.errors import MachineError
from spamlab.generate.fields import fields
from spamlab.generate.languages import CHANNELS, LABELS
from spamlab.generate.opening import Source, open_recipe, recipes
from spamlab.generate.page import write_page
from spamlab.generate.shape import repeated_share, vocabulary, words
from spamlab.generate.traffic import Made
from spamlab.shipped import default_folder

COUNTED = 2000
"""Records that a card's figures are computed from, at most."""
SEED = "1"
"""Seed of the cards in datasets/cards."""
_WORDS = (1_000, 10_000, 100_000)
_LIMITS = (
    "Every text is composed from sentences written for this project; none was sent by anybody. What a filter learns "
    "here must be tried on real traffic before it is relied on.",
    "Shares of types, languages and hours are those of the recipe, not of any network: take rates from measurements, "
    "not from here.",
    "Names, addresses and numbers are reserved for examples or fiction, so that a filter that goes by them learns "
    "nothing about real ones.",
    "Types that are not listed are missing, and so are new kinds of fraud.",
)


def card(source: Source, count: int, seed: str, options: Mapping[str, str] | None = None, content: str = "") -> str:
    """The card, in Markdown, of the first `count` records, of which `COUNTED` at most are looked at.

    options: further ones of the command that made them. content: a mark of what they were made from, told in the card.
    """
    further = "".join(f" --{name} {value}" for name, value in (options or {}).items() if value)
    recipe = source.recipe
    made = list(source.records(0, min(count, COUNTED)))
    return "\n".join([
        f"# {recipe.name}, version {recipe.version}", "", recipe.about, "",
        f"Figures are computed from {'all' if len(made) == count else 'the first'} {len(made)} records of "
        f"{count} (`spamlab generate {recipe.name} --count {count} --seed {seed}{further}`).", "",
        "| what | value |", "|---|---|",
        f"| channel | {recipe.channel} |",
        f"| records | {count} |",
        f"| sent | {min(_sent(made))} to {max(_sent(made))} |",
        f"| spam | {_share(sum(one.truth['label'] == 'spam' for one in made), len(made))} |",
        f"| licence | {metadata('spamlab')['License-Expression']} |",
        *([f"| content | {content} |"] if content else []), "",
        "## Fields", "", *_fields(made, recipe.channel), "",
        "## Proportions", "", *_proportions(made), "",
        "## Lengths", "", *_lengths(made), "",
        "## Variety", "", *_variety(made), "",
        "## Limits", "", *(f"- {one}" for one in _LIMITS), ""])


def write_card(source: Source, count: int, seed: str, options: Mapping[str, str], out: Path) -> Path:
    """Write the card of a data set to `out`. Raises MachineError where it can't be written."""
    text = card(source, count, seed, options)
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        with suppress(OSError):
            out.unlink(missing_ok=True)
        raise MachineError(f"the card {out} can't be written: {error.strerror or error}") from None
    return out


def recipe_card(datasets: Path, name: str) -> str:
    """The card of a recipe in the folder `datasets`, as it stands in datasets/cards."""
    profile = economies(datasets)[0] if recipes(datasets)[name] == "volumes" else ""
    source = open_recipe(datasets, name, SEED, profile=profile)
    return card(source, COUNTED, SEED, {"profile": profile}, content_mark(datasets, source))


def economies(datasets: Path) -> list[str]:
    """The names of all profiles in the folder `datasets`; a recipe of volumes is of one of them."""
    return sorted(one.stem for one in (datasets / "profiles").glob("*.toml") if one.stem != "sources")


def content_mark(datasets: Path, source: Source) -> str:
    """A mark of all that decides on the records: the recipe, the files of its languages, the economies, the engine."""
    recipe = source.recipe
    # A channel's texts are its own and the words of all; campaigns are of all channels.
    parts = ((recipe.channel,) if recipe.channel in CHANNELS else tuple(CHANNELS)) + ("words", "")
    languages = [datasets / "languages" / code for code in getattr(recipe, "languages", {})]
    files = [
        datasets / "recipes" / f"{recipe.name}.toml", *sorted(Path(__file__).parent.rglob("*.py")),
        *sorted(path for folder in languages for part in parts for path in (folder / part).glob("*") if path.is_file()),
        *sorted((datasets / "profiles").glob("*.toml"))]
    found = blake2b(digest_size=8)
    for path in files:
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def _fields(made: Sequence[Made], channel: str) -> Iterator[str]:
    yield "| field | type | unit or form | meaning | filled |"
    yield "|---|---|---|---|---|"
    for field in fields(channel):
        filled = sum(one.record.get(field.name) not in (None, "", [], {}) for one in made)
        yield f"| {field.name} | {field.kind} | {field.unit} | {field.about} | {_share(filled, len(made))} |"
    held = Counter(name for one in made for name in one.truth)
    yield ""
    yield ("The truth, apart in its own file, holds: "
           + ", ".join(f"{name} ({_share(many, len(made))})" for name, many in held.items()) + ".")


def _proportions(made: Sequence[Made]) -> Iterator[str]:
    languages = sorted({str(one.record["language"]) for one in made})
    yield f"| label | type | records | share | {' | '.join(languages)} |"
    yield f"|---|---|---|---|{'---|' * len(languages)}"
    counts = Counter((one.truth["label"], one.truth["type"], one.record["language"]) for one in made)
    for label in LABELS:
        for name in ("", *sorted({key[1] for key in counts if key[0] == label})):
            row = [sum(many for key, many in counts.items() if key[0] == label and name in ("", key[1])
                       and key[2] == code) for code in languages]
            if sum(row):
                yield (f"| {label} | {name or '**all**'} | {sum(row)} | {_share(sum(row), len(made))} | "
                       f"{' | '.join(str(many) for many in row)} |")


def _lengths(made: Sequence[Made]) -> Iterator[str]:
    yield "| language | label | words: median | p10 | p90 | characters: median | p10 | p90 |"
    yield "|---|---|---|---|---|---|---|---|"
    for code, label, texts in _groups(made):
        cells = [cell for counted in ([len(words(text)) for text in texts], [len(text) for text in texts])
                 for cell in _middle(counted)]
        yield f"| {code} | {label} | {' | '.join(f'{cell:g}' for cell in cells)} |"


def _variety(made: Sequence[Made]) -> Iterator[str]:
    yield ("Different words among the first so many, and the share of texts half of whose runs of four words stood in "
           "one text before.")
    yield ""
    yield f"| language | label | {' | '.join(f'in {many}' for many in _WORDS)} | near-repeats among | share |"
    yield f"|---|---|{'---|' * len(_WORDS)}---|---|"
    for code, label, texts in _groups(made):
        found = [f"{many}" for many in vocabulary(texts, _WORDS)]
        found += ["too few"] * (len(_WORDS) - len(found))
        yield f"| {code} | {label} | {' | '.join(found)} | {len(texts)} | {repeated_share(texts):.1%} |"


def _groups(made: Sequence[Made]) -> Iterator[tuple[str, str, list[str]]]:
    for code in sorted({str(one.record["language"]) for one in made}):
        for label in LABELS:
            texts = [str(one.record["text"]) for one in made
                     if one.record["language"] == code and one.truth["label"] == label]
            if texts:
                yield code, label, texts


def _middle(counted: Sequence[int]) -> tuple[float, float, float]:
    """Median, 10th and 90th percentile."""
    if len(counted) == 1:
        return (counted[0],) * 3
    tenths = quantiles(counted, n=10, method="inclusive")
    return tenths[4], tenths[0], tenths[8]


def _sent(made: Sequence[Made]) -> list[str]:
    return [str(one.record["sent"])[:10] for one in made]


def _share(part: int, whole: int) -> str:
    return f"{part / max(1, whole):.1%}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the cards; the exit status, and a sentence where that can't be."""
    datasets = default_folder("datasets")
    return write_page(lambda folder: _write_all(datasets, folder), datasets / "cards", arguments)


def _write_all(datasets: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in recipes(datasets):
        (folder / f"{name}.md").write_text(recipe_card(datasets, name), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
