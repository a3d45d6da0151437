"""Names in a language's own script are read from texts, drawn to go together, and spelled in Latin letters."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spamlab.errors import ContentError
from spamlab.generate.composer import Table
from spamlab.generate.draws import mixed
from spamlab.generate.languages import RECIPIENT, Language, read_language
from spamlab.generate.names import COLUMNS, Name, Names, names_in

DATASETS = Path(__file__).parents[2] / "datasets"
RULES = {"ru": (("imya_m", "imya_f"), ("fam_m", "fam_f")), "ar": (("masc", "fem"), ("family_name",)),
         "fr": (("prenom_f", "prenom_m", "prenom_af", "prenom_mg"), ("nom", "nom_be", "nom_qc", "nom_af", "nom_mg")),
         "es": (("man", "woman"), ("last_name",)),
         "zh": (("given", "given_m", "given_f", "tw_given"), ("surname", "tw_surname"))}
"""Language -> the rules that its texts take given names and family names from."""
RUSSIAN = Names([Name("Анна", "Anna", "f"), Name("Пётр", "Petr", "m")],
                [Name("Орлов", "Orlov", "m"), Name("Орлова", "Orlova", "f"), Name("Ким", "Kim", "")])
ARABIC = Names([Name("نور", "Nour", "f"), Name("علي", "Ali", "m")],
               [Name("بن سالم", "Ben Salem", ""), Name("علي", "Ali", "")])
_SENT = datetime(2026, 2, 1, 9, 5, tzinfo=UTC)
FRENCH = Names([Name("Chloé", "Chloe", "f"), Name("Léo", "Leo", "m")], [Name("Petit", "Petit", "")],
               {"madame": "f", "m.": "m", "m": "m"})
CHINESE = Names([Name("国", "Guo", "m"), Name("建国", "Jianguo", "m"), Name("怡君", "Yi-Chun", "f", "tw")],
                [Name("王", "Wang", ""), Name("欧阳", "Ouyang", ""), Name("陳", "Chen", "", "tw")])


@pytest.fixture(scope="module", params=sorted(RULES))
def language(request: pytest.FixtureRequest) -> Language:
    """A language that ships with names of its own."""
    return read_language(DATASETS / "languages" / request.param, "email")


@pytest.mark.parametrize(("names", "text", "latin", "gender", "whole"), [
    (RUSSIAN, "Анна Орлова", "Anna Orlova", "f", True), (RUSSIAN, "Орлов Пётр Ильич", "Petr Orlov", "m", False),
    (RUSSIAN, "Ким", "Kim", "", True), (RUSSIAN, "Анна, Банк", "Anna", "f", False),
    (ARABIC, "د. نور بن سالم", "Nour Ben Salem", "f", False), (ARABIC, "علي علي", "Ali Ali", "m", True),
    (CHINESE, "王建国", "Jianguo Wang", "m", True), (CHINESE, "欧阳国", "Guo Ouyang", "m", True),
    (CHINESE, "王经理", "Wang", "", False), (CHINESE, "王国（市场部）", "Guo Wang", "m", False)])
def test_who_is_named(names: Names, text: str, latin: str, gender: str, whole: bool) -> None:
    """A display name is read in any order, with what stands around it, where words have spaces and where not."""
    person = names.read(text)
    assert person is not None
    assert (person.latin, person.gender, person.whole) == (latin, gender, whole)


@pytest.mark.parametrize(("names", "line", "name"), [
    (RUSSIAN, "Здравствуйте, Анна!", "Анна"), (RUSSIAN, "Уважаемый Пётр Ильич!", "Пётр"), (RUSSIAN, "Добрый день!", ""),
    (RUSSIAN, "Вчера Анна рассказала мне, что уезжает", ""), (RUSSIAN, "Уважаемый Орлов!", ""),
    (FRENCH, "bonjour chloe,", "Chloé"), (FRENCH, "Mon petit Paul,", ""),
    (ARABIC, "عزيزتي نور،", "نور"), (CHINESE, "尊敬的王建国先生：", "建国"), (CHINESE, "Hi 建国，", "建国"),
    (CHINESE, "您好，", ""), (CHINESE, "昨天在学校门口遇见王建国，他说下个星期要去外地出差", "")])
def test_who_is_greeted(names: Names, line: str, name: str) -> None:
    """A short line greets who is named in it; a sentence greets nobody."""
    person = names.greeted(line)
    assert (person.given.shown if person and person.given else "") == name


@given(st.integers(0, 2**64 - 1), st.sampled_from([RUSSIAN, CHINESE]), st.sampled_from(["", "Ким", "Орлова", "怡君"]))
def test_what_is_missing_is_drawn_to_fit(key: int, names: Names, known: str) -> None:
    """A drawn name has the gender and the group of the one beside it, and is read again from how it is shown."""
    person = names.completed(names.read(known), key)
    assert person.given is not None
    assert person.family is not None
    assert person.given.group == person.family.group
    assert {person.given.gender, person.family.gender} in ({"m"}, {"f"}, {"m", ""}, {"f", ""})
    assert names.read(names.shown(person)) == person


@given(st.integers(0, 2**64 - 1))
def test_a_title_tells_the_gender(key: int) -> None:
    """Who is greeted by a title and a family name gets a given name of that gender."""
    for line, gender in (("Bonjour Madame Petit,", "f"), ("Bonjour M. Petit", "m")):
        person = FRENCH.greeted(line)
        assert person is not None
        assert person.gender == gender
        assert FRENCH.completed(person, key).gender == gender
    assert FRENCH.greeted("Cher Petit,") is None


def test_a_name_that_is_both() -> None:
    """After a title a name that may be given or family name is the family name, unless another one follows."""
    names = Names([Name("Laurent", "Laurent", "m")], [Name("Laurent", "Laurent", ""), Name("De la Cruz", "Cruz", "")],
                  {"madame": "f"})
    for text, given_name, family in (
            ("Madame Laurent", None, "Laurent"), ("Madame Laurent Laurent", "Laurent", "Laurent"),
            ("Laurent De la Cruz", "Laurent", "De la Cruz"), ("Laurent", "Laurent", None)):
        person = names.read(text)
        assert person is not None
        assert (person.given.shown if person.given else None) == given_name
        assert (person.family.shown if person.family else None) == family


@given(st.integers(0, 2**64 - 1))
def test_another_person(key: int) -> None:
    """Another person is of the same gender and group."""
    for names, known in ((RUSSIAN, "Анна Ким"), (CHINESE, "陳怡君"), (FRENCH, "Madame Petit")):
        person = names.read(known)
        assert person is not None
        other = names.another(person, key)
        assert (other.gender, other.group) == (person.gender, person.group)
        assert other.given is not None
        assert other.family is not None
        assert other.family.gender in ("", other.gender)


@pytest.mark.parametrize(("text", "given_name", "family"), [
    ("здравствуйте, анна!", "Анна", None), ("Анна Орлова пишет:", "Анна", "Орлова"), ("Добрый день!", None, None)])
def test_what_a_text_tells_of_a_person(text: str, given_name: str | None, family: str | None) -> None:
    """Of a person stays what the text names, in whatever case, and the gender."""
    person = RUSSIAN.read("Анна Орлова")
    assert person is not None
    told = person.told_in(text)
    assert (told is None) == (given_name is None)
    if told is not None:
        assert told.gender == "f"
        assert (told.given and told.given.shown, told.family and told.family.shown) == (given_name, family)


def test_letters_are_spelled() -> None:
    """A firm's name becomes Latin letters where the language tells how, and stays as it is elsewhere."""
    names = read_language(DATASETS / "languages/ru", "none").names
    assert names is not None
    assert names.spelled("Жарык Объём 24") == "zharyk obem 24"
    assert RUSSIAN.spelled("Жарык") == "Жарык"


def test_names_of_the_texts_are_known(language: Language) -> None:
    """Each name that a language's texts take from its lists has a Latin form, so that a mailbox can be named so."""
    assert language.names is not None
    rules = {name: texts for one in language.types["email"] for name, texts in one.grammar.composer.texts.items()}
    given_rules, family_rules = RULES[language.code]
    for rule in given_rules:
        for name in set(rules.get(rule, ())):
            person = language.names.read(name)
            assert person is not None, name
            assert person.whole, name
            assert person.given is not None, name
    for rule in family_rules:
        for name in set(rules.get(rule, ())):
            person = language.names.read(name)
            assert person is not None, name
            assert person.whole, name


def test_the_reader_of_each_type_is_named(language: Language) -> None:
    """Each type of mail names its recipient in the language's script, by given and family name or one of them."""
    assert language.names is not None
    for one in language.types["email"]:
        shown = one.grammar.expand(RECIPIENT, mixed(7), language.facts(_SENT))
        assert language.names.read(shown) is not None, (one.name, shown)


@pytest.mark.parametrize(("columns", "rows"), [
    (COLUMNS[:3], [("Анна", "Anna", "f")]), (COLUMNS, [("Анна", "Анна", "f", "")]),
    (COLUMNS, [("Анна", "Anna", "w", "")]), (COLUMNS, [("", "Anna", "f", "")])])
def test_tables_that_are_wrong(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Another column, a Latin form in another script, an unknown gender and an empty name are told."""
    faults: list[str] = []
    titles = Table(("name", "gender"), (("Madame", "x"),))
    letters = Table(("name", "latin"), (("ж", "ж"),))
    tables = {"mail_letters": letters, "mail_given": Table(columns, tuple(rows)), "mail_titles": titles,
              "mail_family": Table(COLUMNS, (("Орлов", "Orlov", "m", ""),))}
    assert names_in(tables, faults) is None
    assert faults == [
        "table mail_letters: it needs the columns name, which is one letter, and latin",
        "table mail_given: it needs the columns name, latin, gender, group, and a gender that is m, f or empty",
        "table mail_titles: it needs the columns name, gender, and a gender that is m, f or empty"]


def test_both_tables_are_needed(tmp_path: Path) -> None:
    """A language with one table alone is refused with a sentence; one without any has no names."""
    folder = tmp_path / "xx"
    (folder / "words").mkdir(parents=True)
    (folder / "language.toml").write_text(
        'name = "X"\ndirection = "ltr"\nweekdays = ["1", "2", "3", "4", "5", "6", "7"]\n'
        'months = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]\n', encoding="utf-8")
    assert read_language(folder).names is None
    (folder / "words/mail_names.toml").write_text(
        '[tables.mail_given]\ncolumns = ["name", "latin", "gender", "group"]\nrows = [["Анна", "Anna", "f", ""]]\n',
        encoding="utf-8")
    with pytest.raises(ContentError, match="table mail_family: it is missing"):
        read_language(folder)


@pytest.mark.parametrize(("line", "name"), [
    ("王建国，", "王建国"), ("建国你好", "建国"), ("尊敬的王建国先生：", "王建国"),
    ("您的请假申请已由王建国批准。", ""), ("这个不归我管，你问一下王建国。", "")])
def test_who_is_spoken_of_is_not_greeted(line: str, name: str) -> None:
    """Without spaces a name is found in any line; one that greets ends in a sign, or is little more than the name."""
    person = CHINESE.greeted(line)
    assert (CHINESE.shown(person) if person else "") == name


def test_a_person_behind_a_firms_name() -> None:
    """A display name may begin with a firm's: who stands behind it owns the mailbox."""
    person = CHINESE.read("铭泊实业欧阳建国")
    assert person is not None
    assert (person.latin, person.whole) == ("Jianguo Ouyang", False)


def test_a_latin_name_has_letters() -> None:
    """A sign alone would leave a mailbox without a name; it is told as a fault."""
    tables = {name: Table(COLUMNS, (("Ж", "-", "", ""),)) for name in ("mail_given", "mail_family")}
    faults: list[str] = []
    assert names_in(tables, faults) is None
    assert len(faults) == 2
