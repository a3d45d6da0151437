"""A game for groups as a folder: its rules, the documents that tables hand in, the rounds that were played.

    game.toml                 title, seed, rounds, weeks of a round, budget, near, weight, texts, and [[table]]s
    start/TABLE.toml          a document for each table to begin with
    rounds/N/TABLE.toml       what a table hands in for round N
    results.jsonl             one line for each round that was played: written whole, or not at all

Does not belong here: what a round brings (game_round.py), how it is shown (game_board.py).
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import shutil
import tempfile
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spamlab.errors import ContentError, MachineError, UsageError
from spamlab.policy.document import (
    LARGEST,
    WEEKS_A_YEAR,
    YEARS,
    Policy,
    missing_texts,
    plain,
    policy_toml,
    read_policy,
)
from spamlab.policy.economies import economy_named, economy_names
from spamlab.policy.lines import Place, line_numbers, line_of
from spamlab.policy.prices import new_document

TABLES = (2, 8)
WEEKS = (26, 52)
MOST_ROUNDS = 10
LONGEST = {"title": 80, "name": 24, "seed": 80}
GAME, RESULTS, LOCK = "game.toml", "results.jsonl", ".lock"
_NUMBERS = {"budget": (0.1, 10.0, 1.0), "near": (0.0, 1.0, 0.5), "weight": (0.0, 5.0, 0.5)}
"""Key -> least, most, and the value where it is not given."""
_KEYS = ("title", "seed", "rounds", "weeks", "budget", "near", "weight", "texts", "table")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True)
class Table:
    """A group of people and the economy that they advise. file: what its documents are called."""

    name: str
    economy: str

    @property
    def file(self) -> str:
        """The name of its document, such as table-1.toml."""
        return f"{_slug(self.name)}.toml"


@dataclass(frozen=True)
class Game:
    """The rules of a game.

    weeks: of a round. budget: times the economy's own budget. near: share of the money that moves which looks at the
    other tables first. weight: how much a dollar of harm that a table moved to others counts against it. texts: whether
    a document must hold the four texts.
    """

    title: str
    seed: str
    rounds: int
    weeks: int
    tables: tuple[Table, ...]
    budget: float = 1.0
    near: float = 0.5
    weight: float = 0.5
    texts: bool = True


@dataclass(frozen=True)
class HandedIn:
    """What a table handed in for a round. policy: None where there is none, or it has faults, one sentence each."""

    table: Table
    path: Path
    policy: Policy | None
    faults: tuple[str, ...]


def new_game(folder: Path, tables: Sequence[Table], *, title: str = "Displacement", rounds: int = 4, weeks: int = 52,
             seed: str = "") -> Game:
    """Make a game's folder, whole or not at all; a seed that nobody can guess where none is given.

    Raises UsageError where the folder holds something already, or the game can't be as it is asked for.
    """
    game = Game(title, seed or secrets.token_hex(8), rounds, weeks, tuple(tables))
    text = game_toml(game)
    try:
        _game_of(text, GAME)
    except ContentError as error:
        raise UsageError(re.sub(r"(?m)^game\.toml(, line \d+)?: ", "", str(error))) from None
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there already; it is left as it is.")
    if not folder.parent.is_dir():
        raise UsageError(f"there is no folder {folder.parent}")
    spare = None
    try:
        spare = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        (spare / "start").mkdir()
        (spare / "rounds" / "1").mkdir(parents=True)
        for table in game.tables:
            (spare / "start" / table.file).write_text(new_document(economy_named(table.economy)), encoding="utf-8")
        (spare / GAME).write_text(text, encoding="utf-8")
        os.replace(spare, folder)
    except OSError as error:
        raise MachineError(f"{folder} can't be made: {error.strerror}; nothing was left behind") from None
    finally:
        if spare is not None:
            shutil.rmtree(spare, ignore_errors=True)
    return game


def game_toml(game: Game) -> str:
    """The rules as TOML text; `read_game` of it gives the same game."""
    lines = [
        "# The rules of a game. Keep this folder to yourself: whoever knows the seed can find out the cards to come.",
        f"title = {_quoted(game.title)}",
        f"seed = {_quoted(game.seed)}",
        f"rounds = {game.rounds}",
        f"weeks = {game.weeks}                 # of a round: 26 or 52",
        f"budget = {game.budget!r}              # times what the state of each economy has for this in a year",
        f"near = {game.near!r}                # share of the money that moves which looks at the other tables first",
        f"weight = {game.weight!r}              # what a dollar of harm moved to others counts against a table",
        f"texts = {'true' if game.texts else 'false'}               # a document must hold the four texts"]
    for table in game.tables:
        lines += ["", "[[table]]", f"name = {_quoted(table.name)}", f"economy = {_quoted(table.economy)}"]
    return "\n".join(lines) + "\n"


def read_game(folder: Path) -> Game:
    """The rules of the game in a folder.

    Raises UsageError where there is no game, ContentError with every fault of game.toml, one a line.
    """
    path = folder / GAME
    if not path.is_file():
        raise UsageError(f"there is no game in {folder}: make one with spamlab policy game new.")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ContentError(f"{GAME} is no text in UTF-8") from None
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}") from None
    return _game_of(text, GAME)


def handed_in(folder: Path, game: Game, number: int) -> list[HandedIn]:
    """What each table handed in for a round, with all faults; every file is read on its own."""
    return [_one(folder, game, number, table) for table in game.tables]


def read_results(folder: Path, game: Game) -> list[dict[str, Any]]:
    """The rounds that were played, one dictionary each.

    Raises ContentError for a line that can't be read, and where the rules were changed so that they no longer fit.
    """
    try:
        text = (folder / RESULTS).read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError):
        raise ContentError(f"{RESULTS} can't be read") from None
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            read = json.loads(line)
        except ValueError:
            read = None
        if not isinstance(read, dict) or read.get("round") != number or not isinstance(read.get("tables"), list):
            raise ContentError(f"{RESULTS}, line {number}: this is not the result of round {number}")
        played_by = [(one.get("name"), one.get("economy")) for one in read["tables"] if isinstance(one, dict)]
        if played_by != [(table.name, table.economy) for table in game.tables] or read.get("weeks") != game.weeks:
            raise ContentError(f"{GAME}: round {number} was played with other tables, or rounds of other length; "
                               "put back what stood there, or make a new game")
        found.append(read)
    return found


def play_next(folder: Path, as_last_round: Sequence[str], bring: Callable[[Game, list[dict[str, Any]], list[Policy]],
                                                                          dict[str, Any]]) -> dict[str, Any]:
    """Play the next round with what the tables handed in, once: whole or not at all.

    as_last_round: names of tables whose document of the last round stays in force (in round 1: no measure at all).
    bring: (rules, rounds played, a policy for each table) -> the result. Raises UsageError where all rounds are played,
    ContentError with every fault of every document; then nothing is written.
    """
    with _locked(folder):
        game = read_game(folder)
        played = read_results(folder, game)
        number = len(played) + 1
        if number > game.rounds:
            raise UsageError(f"all {game.rounds} rounds are played; spamlab policy game board {folder} shows the end.")
        names = [table.name for table in game.tables]
        for name in as_last_round:
            if name not in names:
                raise UsageError(f"there is no table called {plain(name)}: there are {', '.join(names)}.")
        found = handed_in(folder, game, number)
        faults = [fault for one in found if one.table.name not in as_last_round for fault in one.faults]
        if faults:
            tables = [one.table.name for one in found if one.faults and one.table.name not in as_last_round]
            raise ContentError("\n".join([*faults, f"Round {number} is not played. To let a table go on as it was last "
                                          f"round: --as-last-round {_shell(tables[0])}"]))
        policies = [before(played, game, place) if table.name in as_last_round else one.policy
                    for place, (table, one) in enumerate(zip(game.tables, found, strict=True))]
        result = bring(game, played, [one for one in policies if one is not None])
        result = {"round": number, **result, "as_last_round": [name for name in names if name in as_last_round],
                  "documents": [policy_toml(one) for one in policies if one is not None]}
        _append(folder, [*played, result])
        (folder / "rounds" / str(min(number + 1, game.rounds))).mkdir(parents=True, exist_ok=True)
    return result


def documents(played: Sequence[Mapping[str, Any]], place: int) -> list[Policy]:
    """The documents that were in force at table number `place`, from 0, in the rounds played."""
    found = []
    for one in played:
        try:
            found.append(read_policy(str(one["documents"][place]), name=f"{RESULTS}, round {one['round']}"))
        except (KeyError, IndexError):
            raise ContentError(f"{RESULTS}, line {one.get('round')}: it holds no document of table {place + 1}"
                               ) from None
    return found


def before(played: Sequence[Mapping[str, Any]], game: Game, place: int) -> Policy:
    """What a table had in force in the last round; in round 1 no measure at all."""
    found = documents(played[-1:], place)
    return found[0] if found else Policy("No measures", game.tables[place].economy, years_of(game), (), {})


def years_of(game: Game) -> int:
    """How many years the whole game is long, the last perhaps in part."""
    return -(-game.rounds * game.weeks // WEEKS_A_YEAR)


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all. Raises MachineError with one sentence."""
    spare = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with spare.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(spare, path)
    except OSError as error:
        raise MachineError(f"{path} can't be written: {error.strerror}; nothing was changed") from None
    finally:
        with suppress(OSError):
            spare.unlink(missing_ok=True)


def _one(folder: Path, game: Game, number: int, table: Table) -> HandedIn:
    path = folder / "rounds" / str(number) / table.file
    shown = f"rounds/{number}/{table.file}"
    if not path.is_file():
        return HandedIn(table, path, None, (f"{shown} is not there: {table.name} has handed in nothing",))
    try:
        policy = read_policy(path, name=shown)
    except (ContentError, UsageError) as error:
        return HandedIn(table, path, None, tuple(str(error).splitlines()))
    faults = []
    if policy.economy != table.economy:
        faults.append(f"{shown}, line {_line(path, ('economy',))}: {table.name} advises another economy; "
                      f"allowed: {table.economy}")
    if game.texts:
        faults += [f"{shown}, line {_line(path, ('text',))}: {told}" for told in missing_texts(policy)]
    return HandedIn(table, path, policy if not faults else None, tuple(faults))


def _line(path: Path, place: Place) -> int:
    text = path.read_bytes()[:LARGEST].decode("utf-8-sig", "replace").replace("\r\n", "\n")
    return line_of(line_numbers(text), place) or 1


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Nobody else plays a round of this game meanwhile; the lock is the kernel's, and ends with whoever holds it."""
    if not (folder / GAME).is_file():
        raise UsageError(f"there is no game in {folder}: make one with spamlab policy game new.")
    try:
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise MachineError(f"{folder} can't be written: {error.strerror}") from None
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UsageError(f"a round of the game in {folder} is being played already.") from None
        yield
    finally:
        os.close(lock)


def _append(folder: Path, results: Sequence[Mapping[str, Any]]) -> None:
    lines = [json.dumps(one, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for one in results]
    write_whole(folder / RESULTS, "\n".join(lines) + "\n")


def _game_of(text: str, shown: str) -> Game:
    try:
        read = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise ContentError(f"{shown} can't be read: {error}") from None
    lines = line_numbers(text)
    found = [(line_of(lines, place), told) for place, told in _faults(read)]
    if found:
        raise ContentError("\n".join(f"{shown}, line {line}: {told}" if line else f"{shown}: {told}"
                                     for line, told in sorted(found)))
    numbers = {key: float(read.get(key, usual)) for key, (_low, _high, usual) in _NUMBERS.items()}
    return Game(read["title"], read["seed"], read["rounds"], read["weeks"],
                tuple(Table(one["name"], one["economy"]) for one in read["table"]), **numbers,
                texts=read.get("texts", True))


def _faults(read: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    for key in read:
        if key not in _KEYS:
            yield (key,), f"the key {plain(key)} has no meaning; allowed: {', '.join(_KEYS)}"
    for key in ("title", "seed"):
        if fault := _text_fault(read.get(key), LONGEST[key]):
            yield (key,), f"{key} {fault}"
    rounds: Any = read.get("rounds")
    weeks: Any = read.get("weeks")
    if not _is_whole(rounds) or not 1 <= rounds <= MOST_ROUNDS:
        yield ("rounds",), f"rounds must be a whole number; allowed: 1 to {MOST_ROUNDS}"
    elif weeks in WEEKS and _is_whole(weeks) and rounds * weeks > YEARS[1] * WEEKS_A_YEAR:
        yield ("rounds",), (f"{rounds} rounds of {weeks} weeks are longer than {YEARS[1]} years; "
                            f"allowed: 1 to {YEARS[1] * WEEKS_A_YEAR // weeks}")
    if not _is_whole(weeks) or weeks not in WEEKS:
        yield ("weeks",), f"weeks must be the weeks of a round; allowed: {' or '.join(str(one) for one in WEEKS)}"
    for key, (low, high, usual) in _NUMBERS.items():
        value = read.get(key, usual)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            yield (key,), f"{key} must be a number; allowed: {low:g} to {high:g}"
    if not isinstance(read.get("texts", True), bool):
        yield ("texts",), "texts must be true or false"
    yield from _table_faults(read.get("table"))


def _table_faults(tables: Any) -> Iterator[tuple[Place, str]]:
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables) \
            or not TABLES[0] <= len(tables) <= TABLES[1]:
        yield ("table",), f"each table stands under [[table]]; allowed: {TABLES[0]} to {TABLES[1]} tables"
        return
    economies = economy_names()
    files: set[str] = set()
    for number, one in enumerate(tables):
        place: Place = ("table", number)
        for key in sorted(set(one) - {"name", "economy"}):
            yield (*place, key), f"the key {plain(key)} has no meaning; allowed: name, economy"
        if fault := _text_fault(one.get("name"), LONGEST["name"]):
            yield (*place, "name"), f"a table's name {fault}"
        elif not _slug(one["name"]):
            yield (*place, "name"), f"the name {plain(one['name'])} has no letter or digit"
        elif _slug(one["name"]) in files:
            yield (*place, "name"), f"another table is called {plain(one['name'])} too, or nearly so"
        else:
            files.add(_slug(one["name"]))
        if one.get("economy") not in economies:
            yield (*place, "economy"), (f"there is no economy {plain(one.get('economy'))}; "
                                        f"allowed: {', '.join(economies)}")


def _text_fault(value: Any, longest: int) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > longest or _CONTROL.search(value):
        return f"must be a text in one line; allowed: 1 to {longest} characters"
    return ""


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _slug(name: str) -> str:
    """A name as the name of a file, on any system."""
    return re.sub(r"[\W_]+", "-", unicodedata.normalize("NFKC", name).lower()).strip("-")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _shell(name: str) -> str:
    return name if re.fullmatch(r"[\w.-]+", name) else '"' + name.replace('"', '\\"') + '"'
