"""How true to life the generated texts are: a filter trained on them and tested on real messages, and their shape.

Real corpora are no part of the project. `--real FILE` names one (JSON lines, plain or gzip, with "text", "label" and
"channel"), `--real fr=FILE` one in another language; without any, those in the folder that SPAMLAB_CORPORA names are
taken. What no corpus is there for is measured on the generated texts alone.
"""

from __future__ import annotations

import gzip
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from spamlab.bench.realism_page import Curve, Page, write_page
from spamlab.bench.rows import Row
from spamlab.bench.transfer import Corpus, Score, ceilings, corpus, told_apart, transfer
from spamlab.errors import ContentError, UsageError
from spamlab.generate.shape import copied_share, known_share, repeated_share, vocabulary, words
from spamlab.generate.traffic import Made, open_traffic
from spamlab.shipped import default_folder

CHANNELS = ("email", "sms", "social", "chat", "voice")
MADE = 12_000
GOALS: Mapping[tuple[str, str], tuple[float, float]] = {
    ("email", "en"): (0.96, 0.90), ("sms", "en"): (0.97, 0.93), ("social", "en"): (0.92, 0.87),
    ("sms", "fr"): (0.93, 0.90)}
"""(channel, language) -> least AUC and F1 score, as shares of what the real corpus itself teaches."""
KNOWN = {"email": 0.10, "sms": 0.05}
"""Least share of a text's runs of three words that real texts have too."""
REPEATS = {"ham": 0.25, "spam": 0.40}
SMS_SPAM_REPEATS = 0.30
EMAIL_VOCABULARY = 9_000
"""Different words in the first 100,000 of legitimate e-mail."""
COPIES = 0.01
PHISHING = 0.85
"""Least share of real phishing that is found among easy wanted mail where 1 % of that is lost."""
NOTHING = Score(1.0, 1.0, 1.0)
"""Stands for a ceiling that is not asked for."""
SHAPE_ROWS = 2_000
AT = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000)


@dataclass(frozen=True)
class Real:
    """A real corpus. parts: texts by the sub-corpus that they come from."""

    name: str
    channel: str
    language: str
    corpus: Corpus
    parts: Mapping[str, Sequence[str]]

    def texts(self, label: str) -> list[str]:
        return list(self.corpus.texts[self.corpus.spam == (label == "spam")])


def measure(*, quick: bool = False, real: Sequence[str] = (), markdown: Path | None = None) -> list[Row]:
    """The rows: transfer to each real corpus, word order, copies, near-repeats, vocabulary, by channel.

    Raises UsageError for a corpus that can't be read, and where there is nothing to be measured.
    """
    found = [read_real(name) for name in (real or _folder())]
    rows: list[Row] = []
    page = Page()
    for channel, language in _pairs(found):
        here = [one for one in found if (one.channel, one.language) == (channel, language)]
        made = _made(channel, language, MADE // 6 if quick or not here else MADE)
        synthetic = corpus("synthetic", [one.record["text"] for one in made],
                           [one.truth["label"] == "spam" for one in made])
        for one in here:
            if not one.corpus.spam.all():
                rows += _transfer_rows(one, synthetic, quick)
        rows += [_recall_row(spam, ham, synthetic, quick) for spam in here if spam.corpus.spam.all()
                 for ham in here if not ham.corpus.spam.all()]
        rows += _shape_rows(channel, language, synthetic, here)
        page.types += _types(channel, language, made)
        page.curves += _curves(channel, language, synthetic, here)
    if not rows:
        raise UsageError("there is nothing to measure: no recipe makes texts.")
    if markdown is not None:
        write_page(markdown, rows, page)
    return rows


def read_real(given: str) -> Real:
    """A corpus by its file, such as "sms.jsonl.gz" or "fr=sms-fr.jsonl.gz"."""
    language, _, name = given.rpartition("=")
    path = Path(name)
    texts, spam, channel = [], [], ""
    parts: dict[str, list[str]] = defaultdict(list)
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                try:
                    read = json.loads(line)
                    texts.append(str(read["text"]))
                    spam.append(read["label"] != "ham")
                    channel = str(read.get("channel", "email"))
                    parts[f"{read['label']} {read.get('src', '')}"].append(texts[-1])
                except (ValueError, KeyError, TypeError):
                    raise ContentError(f"{path.name}, line {number}: not a JSON object with text and label") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the corpus {path.name} can't be read: {error}") from None
    whole = corpus(path.name.split(".")[0], texts, spam)
    if channel not in CHANNELS or len(whole.texts) < 100:
        raise ContentError(f"{path.name}: it needs a channel of {', '.join(CHANNELS)} and 100 different texts")
    return Real(whole.name, channel, language or "en", whole, parts)


def _folder() -> list[str]:
    folder = os.environ.get("SPAMLAB_CORPORA", "")
    names = sorted(str(one) for one in Path(folder).glob("*.jsonl.gz") if "-raw" not in one.name) if folder else []
    languages = ((name, name.removesuffix(".jsonl.gz")[-3:]) for name in names)
    return [f"{end[1:]}={name}" if end.startswith("-") else name for name, end in languages]


def _pairs(found: Sequence[Real]) -> list[tuple[str, str]]:
    """What can be made: each channel in each language, those of the real corpora first."""
    folder = default_folder("datasets")
    languages = sorted(path.parent.name for path in (folder / "languages").glob("*/language.toml"))
    wanted = [(one.channel, one.language) for one in found]
    wanted += [(channel, language) for language in languages for channel in CHANNELS]
    return [(channel, language) for channel, language in dict.fromkeys(wanted)
            if (folder / "recipes" / f"{channel}.toml").is_file()
            and (folder / "languages" / language / channel).is_dir()]


def _made(channel: str, language: str, count: int) -> list[Made]:
    return list(open_traffic(default_folder("datasets"), channel, "realism", language).records(0, count))


def _transfer_rows(real: Real, synthetic: Corpus, quick: bool) -> list[Row]:
    what = f"{real.channel} ({real.language}), trained on synthetic, tested on {real.name}"
    rows, folds = (2000, 3) if quick else (6000, 5)
    ceiling = ceilings(real.corpus, folds=folds, rows=rows)
    found = transfer(real.corpus, synthetic, folds=folds, rows=rows, ceiling=ceiling)
    auc_goal, f1_goal = GOALS.get((real.channel, real.language), (0.0, 0.0))
    told = [Row(f"{what}: AUC", round(found.synthetic.auc, 4), "AUC", f"real: {found.ceiling.auc:.3f}",
                round(found.auc_ratio, 3), f"at least {auc_goal:g} of the real", found.auc_ratio >= auc_goal),
            Row(f"{what}: F1 at the matched share", round(found.synthetic.f1_matched, 4), "F1",
                f"real: {found.ceiling.f1_matched:.3f}", round(found.f1_ratio, 3),
                f"at least {f1_goal:g} of the real", found.f1_ratio >= f1_goal),
            Row(f"{what}: recall at 1 % of wanted messages lost", round(found.synthetic.recall_at_1, 4), "share",
                f"real: {found.ceiling.recall_at_1:.3f}",
                round(found.synthetic.recall_at_1 / max(1e-9, found.ceiling.recall_at_1), 3), "reported", True)]
    for label in ("ham", "spam"):
        apart = told_apart(real.texts(label), list(synthetic.texts[synthetic.spam == (label == "spam")]),
                           folds=folds, rows=rows // 3)
        others = [texts for name, texts in real.parts.items() if name.startswith(label) and len(texts) >= 100]
        among = f"two real parts: {told_apart(others[0], others[1], folds=folds, rows=rows // 3):.3f}" \
            if len(others) > 1 else "no second real part here"
        told.append(Row(f"{real.channel} ({real.language}) {label}: synthetic told from {real.name}", round(apart, 4),
                        "AUC", among, None, "reported; 0.5 is not at all", True))
    return told


def _recall_row(spam: Real, ham: Real, synthetic: Corpus, quick: bool) -> Row:
    """A corpus of spam alone, such as of phishing, among the wanted messages of another one."""
    texts, wanted = spam.texts("spam"), ham.texts("ham")
    mixed = corpus(spam.name, [*wanted, *texts], [False] * len(wanted) + [True] * len(texts))
    found = transfer(mixed, synthetic, rows=2000 if quick else 6000, ceiling=[NOTHING])
    goal = PHISHING if spam.channel == "email" else 0.0
    return Row(f"{spam.channel} ({spam.language}), trained on synthetic: {spam.name} found among wanted messages of "
               f"{ham.name}, 1 % of them lost", round(found.synthetic.recall_at_1, 4), "share", "nothing else", None,
               f"at least {goal:g}", found.synthetic.recall_at_1 >= goal)


def _shape_rows(channel: str, language: str, synthetic: Corpus, real: Sequence[Real]) -> list[Row]:
    rows = []
    for label in ("ham", "spam"):
        texts = list(synthetic.texts[synthetic.spam == (label == "spam")])[:SHAPE_ROWS]
        what = f"{channel} ({language}) {label}"
        limit = SMS_SPAM_REPEATS if (channel, label) == ("sms", "spam") else REPEATS[label]
        repeats = repeated_share(texts)
        rows.append(Row(f"{what}: texts half of which stood in an earlier one", round(repeats, 4), "share",
                        f"{len(texts)} texts", None, f"at most {limit:g}", repeats <= limit))
        known_texts = [text for one in real for text in one.corpus.texts]
        if known_texts:
            order = known_share(texts, known_texts)
            least = KNOWN.get(channel, 0.0)
            copies = copied_share(texts, known_texts)
            rows += [
                Row(f"{what}: runs of three words that real texts have", round(order, 4), "share", "real texts", None,
                    f"at least {least:g}", order >= least),
                Row(f"{what}: texts half of whose runs of six words are in real texts", round(copies, 4), "share",
                    "real texts", None, f"at most {COPIES:g}", copies <= COPIES)]
    if channel == "email" and language == "en":
        grown = vocabulary(list(synthetic.texts[~synthetic.spam]), (100_000,))
        peers = [vocabulary(one.texts("ham"), (100_000,)) for one in real]
        told = ", ".join(f"{one.name}: {found[0]}" for one, found in zip(real, peers, strict=True) if found)
        if grown:
            rows.append(Row("email (en) ham: different words in the first 100,000", grown[0], "words",
                            told or "no real text here", None, f"at least {EMAIL_VOCABULARY}",
                            grown[0] >= EMAIL_VOCABULARY))
    return rows


def _types(channel: str, language: str, made: Iterable[Made]) -> list[tuple[str, ...]]:
    """Of each type: channel, language, label, name, texts, words in the median text, different words, repeats."""
    by_type: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in made:
        by_type[one.truth["label"], one.truth["type"]].append(one.record["text"])
    lines: list[tuple[str, ...]] = []
    for (label, name), texts in sorted(by_type.items()):
        lengths = sorted(len(words(text)) for text in texts)
        known = {word for text in texts for word in words(text)}
        lines.append((channel, language, label, name, str(len(texts)), str(lengths[len(lengths) // 2]),
                      str(len(known)), f"{repeated_share(texts[:500]):.2f}"))
    return lines


def _curves(channel: str, language: str, synthetic: Corpus, real: Sequence[Real]) -> list[Curve]:
    found = []
    for label in ("ham", "spam"):
        sources = [("synthetic", list(synthetic.texts[synthetic.spam == (label == "spam")]))]
        sources += [(one.name, one.texts(label)) for one in real]
        for name, texts in sources:
            grown = vocabulary(texts, AT)
            found.append(Curve(channel, language, label, name, AT[:len(grown)], tuple(grown)))
    return found
