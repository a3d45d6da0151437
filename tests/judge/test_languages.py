"""No sentence of the judge bypasses its catalogue, and a translation that does not fit is refused."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import spamlab.judge
from judge.test_all_kinds import ALL, CHECKS, CLOSED, DRAWS, OWN, PUT, item_of, outputs_of
from spamlab.content.identity import Workshop
from spamlab.errors import ContentError
from spamlab.judge.catalogue import ENGLISH, TRANSLATIONS, read_catalogues, say, speaking
from spamlab.judge.judging import judge_answer, judge_outputs
from spamlab.judge.ledger import Ledger
from spamlab.judge.question import Question, Verdict
from spamlab.judge.room import Room

ROOM = Path(spamlab.judge.__file__).parent
SAYERS = {"FormError", "RefusedError", "Verdict"}


def pseudo() -> dict[str, object]:
    """Every sentence, in brackets and with no Latin letter of its own."""
    def strange(text: str) -> str:
        parts = re.split(r"(\{\{|\}\}|\{\w+\})", text)
        return "⟦" + "".join(part if number % 2 else re.sub("[A-Za-z]", "ж", part)
                             for number, part in enumerate(parts)) + "⟧"
    return {code: {form: strange(text) for form, text in entry.items()} if isinstance(entry, dict) else strange(entry)
            for code, entry in ENGLISH.items()}


@pytest.fixture
def strange(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Everything is said in the language that does not exist."""
    monkeypatch.setitem(TRANSLATIONS, "qps", pseudo())
    with speaking("qps"):
        yield


def verdicts(question: Question) -> Iterator[Verdict]:
    """What the judge itself can be made to say about a question: nothing, no answer, right, half right, wrong."""
    item = item_of(question)
    yield judge_answer(question, item, None)
    for answer in (*OWN.INVALID[question.id], float("nan"), "x" * 70_000):
        yield judge_answer(question, item, answer)
    if question in CLOSED:
        assert question.answer_function is not None
        right = question.answer_function(item)
        yield judge_answer(question, item, right)
        yield judge_answer(question, item, right, silent=True)
        for other in near(right):
            yield judge_answer(question, item, other)
    if question in PUT:
        for change in ("", "\n_own = {0}\n{0} = lambda given: _own(given)[:-1]",
                       "\n{0} = lambda given: float('nan')", "\n_own = {0}\n{0} = lambda given: [-1] * len(given)"):
            source = OWN.RIGHT_SOURCES[question.id] + change.format(question.kind.function)  # type: ignore[attr-defined]
            yield judge_outputs(question, DRAWS["hidden"], outputs_of(question, source, "hidden"))


def near(right: object) -> list[object]:
    """Answers a little beside the right one."""
    if isinstance(right, dict):
        return [right | {name: value} for name in right for value in (False, 1, "none", "no", "twice", {})]
    if isinstance(right, list):
        return [right[:1] + right[:0:-1]]
    return [1, "192.0.2.99", "keep operator.example\njunk grove.example"]


@pytest.mark.usefixtures("strange")
@pytest.mark.parametrize("question", ALL, ids=lambda one: one.id)
def test_no_verdict_bypasses_the_catalogue(question: Question) -> None:
    """In a language that does not exist, every verdict that is not the lab's own text is in that language."""
    for verdict in verdicts(question):
        if verdict.state != "mistake" and not verdict.message.startswith(("A DMARC record", "The tag", "Line ")):
            assert verdict.message.startswith("⟦"), verdict
            assert verdict.message.endswith("⟧"), verdict
        # What measures did is told by the simulator, whose instruments and reasons are English data today.
        assert question.id == "policy" or all(one.startswith("⟦") for one in verdict.details)


@pytest.mark.usefixtures("strange")
@pytest.mark.parametrize("question", ALL, ids=lambda one: one.id)
def test_no_word_of_a_form_bypasses_the_catalogue(question: Question) -> None:
    """Labels and options that the lab does not give come from the catalogue."""
    form = question.kind.form(item_of(question))
    given = (Path(OWN.__file__)).read_text()
    for field in form["fields"]:
        for label in (field["label"], *(str(option["label"]) for option in field["options"])):
            own = label.startswith(("⟦", "line ")) or any(part in given for part in label.split(": "))
            assert own or re.match(r"Line \d: ", label), label


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call in the judge's source, with its file."""
    for path in sorted(ROOM.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                yield path.name, node


def test_no_sentence_stands_in_the_code() -> None:
    """What is said to a participant is never a text or f-string in the source."""
    for file, call in calls():
        if isinstance(call.func, ast.Name) and call.func.id in SAYERS:
            for argument in call.args:
                assert not isinstance(argument, ast.JoinedStr), (file, call.lineno)
                assert not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                            and " " in argument.value), (file, call.lineno)


def test_every_code_is_known_and_gets_its_places() -> None:
    """Each sentence asked for by name exists, and each of its places is filled where it is said; none is unused."""
    used = set()
    for file, call in calls():
        if not (isinstance(call.func, ast.Name) and call.func.id == "say" and call.args):
            continue
        codes = [node.value for node in ast.walk(call.args[0]) if isinstance(node, ast.Constant)
                 and isinstance(node.value, str) and node.value in ENGLISH]
        given = {keyword.arg for keyword in call.keywords}
        for code in codes:
            used.add(code)
            entry = ENGLISH[code]
            for text in entry.values() if isinstance(entry, dict) else [entry]:
                places = {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}
                assert places <= given, (file, call.lineno, code)
    source = "\n".join(path.read_text() for path in ROOM.rglob("*.py") if path.name != "catalogue.py")
    for code in set(ENGLISH) - used:
        assert f'"{code}"' in source or code.startswith(("label-", "function-", "own-failure")), code


def write(folder: Path, language: str, text: str) -> None:
    """Drop a catalogue into a language's folder."""
    (folder / language).mkdir(parents=True)
    (folder / language / "judge.toml").write_text(text, encoding="utf-8")


def test_a_catalogue_in_a_language_folder_is_taken_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file dropped in is spoken, with the plural forms of its language; what it lacks is said in English."""
    monkeypatch.setattr("spamlab.judge.catalogue.TRANSLATIONS", TRANSLATIONS | {})
    write(tmp_path, "pl", 'saved = "Zapisano."\n[hint-wait]\none = "Jedna sekunda."\nfew = "{n} sekundy."\n'
                          'many = "{n} sekund."\nother = "{n} sekundy."\n')
    assert read_catalogues(tmp_path) == ["pl"]
    with speaking("pl"):
        assert say("saved") == "Zapisano."
        assert [say("hint-wait", n=n) for n in (1, 2, 5)] == ["Jedna sekunda.", "2 sekundy.", "5 sekund."]
        assert say("right-plain") == ENGLISH["right-plain"]


@pytest.mark.parametrize(("text", "said"), [
    ('nothing-such = "x"', "there is no sentence called nothing-such"),
    ('form-long = "Zu lang."', "form-long lacks the place most"),
    ('saved = "Gespeichert {wo}."', "saved names the place wo"),
    ('saved = 3', "saved must be a sentence"),
    ('[hint-wait]\none = "x"', "no plural form called other"),
    ('saved = "{"', "saved:"),
    ('saved =', "can't be read"),
])
def test_a_catalogue_that_does_not_fit_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """Unknown codes, places that do not agree and broken files are told with the file's name."""
    write(tmp_path, "de", text)
    with pytest.raises(ContentError, match=re.escape(said)):
        read_catalogues(tmp_path)
    assert "de" not in TRANSLATIONS


def test_the_judge_takes_its_languages_from_the_workshop(workshop: Workshop, monkeypatch: pytest.MonkeyPatch,
                                                         tmp_path: Path) -> None:
    """The service finds a translation in the datasets folder of the workshop."""
    monkeypatch.setattr("spamlab.judge.catalogue.TRANSLATIONS", TRANSLATIONS | {})
    write(tmp_path / "languages", "fr", 'saved = "Enregistré."')
    object.__setattr__(workshop, "datasets_folder", tmp_path)
    ledger = Ledger(workshop.ledger_file)
    Room(workshop, ledger)
    ledger.close()
    with speaking("fr"):
        assert say("saved") == "Enregistré."


def test_all_checks_are_looked_at() -> None:
    """The sample lab is that of all kinds."""
    assert len(CHECKS.questions) == len(ALL)
