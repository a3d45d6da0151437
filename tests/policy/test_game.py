"""A game for groups: its folder, rounds that are played whole or not at all, what moves between tables, the board."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spamlab.errors import ContentError, MachineError, UsageError
from spamlab.policy import game as files
from spamlab.policy.document import Measure, Policy, policy_toml
from spamlab.policy.draws import draw_parameters
from spamlab.policy.economies import economy_named
from spamlab.policy.game import Game, Table, game_toml, handed_in, new_game, play_next, read_game, read_results
from spamlab.policy.game_board import (
    _accounts,
    _amount,
    board_html,
    board_json,
    board_text,
    drawn_svg,
    points_figure,
    received_figure,
)
from spamlab.policy.game_economies import (
    FRAUD,
    NO_CARDS,
    Home,
    card_of,
    course_of,
    economy_of_table,
    home_of,
    path_of,
)
from spamlab.policy.game_moves import displacement
from spamlab.policy.game_round import bring
from spamlab.policy.instruments import read_instruments
from spamlab.policy.levers import CHANNELS
from spamlab.policy.plan import LEVER_INDEX
from spamlab.policy.scenarios import SHOCKS, read_scenarios

from .texts import TEXT

TABLES = (Table("Table 1", "mobile-money-leader"), Table("Mesa ñ", "landlocked-transition"),
          Table("<b>Third</b>", "caribbean-island"))
KNOWN = read_instruments()
FEW: Callable[..., dict[str, Any]] = partial(bring, runs=4)


def policy(table: Table, *names: str, start: int = 0, **settings: Any) -> Policy:
    """A document of a table with these instruments."""
    return Policy("A plan", table.economy, 3, tuple(
        Measure(name, start, KNOWN[name].complete(settings)) for name in names), TEXT)


PLANS = (("enforcement-staff", "information-sharing", "sms-firewall", "payment-friction"),
         ("complaint-line",), ("sms-firewall", "information-sharing"))


def made(folder: Path, **rules: Any) -> Game:
    """A new game in a folder."""
    return new_game(folder, TABLES, **{"seed": "a", "weeks": 26, "rounds": 3, **rules})


def hand_in(folder: Path, number: int, plans: tuple[tuple[str, ...], ...] = PLANS) -> None:
    """Every table hands in a document."""
    place = folder / "rounds" / str(number)
    place.mkdir(parents=True, exist_ok=True)
    for table, names in zip(TABLES, plans, strict=True):
        (place / table.file).write_text(policy_toml(policy(table, *names)), encoding="utf-8")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A game of which two rounds were played."""
    folder = tmp_path_factory.mktemp("game") / "evening"
    made(folder)
    for number in (1, 2):
        hand_in(folder, number)
        play_next(folder, [], FEW)
    return folder


# -- the folder -------------------------------------------------------------------------------------------------------


def test_a_new_game_can_be_read_again(tmp_path: Path) -> None:
    """What is written is what is read, with names in any script, and a document for each table to begin with."""
    game = made(tmp_path / "g", title='A "title" with \\ and ü')
    assert read_game(tmp_path / "g") == game
    assert sorted(path.name for path in (tmp_path / "g" / "start").iterdir()) == sorted(one.file for one in TABLES)
    assert [one.name for one in tmp_path.iterdir()] == ["g"], "nothing else is left"
    assert len(new_game(tmp_path / "h", TABLES).seed) >= 16, "a seed that nobody guesses where none is given"


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=24), st.floats(0, 1), st.floats(0, 5))
def test_any_name_is_kept_or_refused(name: str, near: float, weight: float) -> None:
    """A table may be called anything that can be shown and be a file's name; rules survive writing and reading."""
    game = Game("T", "s", 2, 52, (Table(name, "pacific-island"), Table("Other one", "pacific-island")), near=near,
                weight=weight)
    try:
        read = files._game_of(game_toml(game), "game.toml")
    except ContentError:
        return
    assert read == game
    assert Path(game.tables[0].file).name == game.tables[0].file != ".toml"


def test_a_folder_that_is_there_is_left(tmp_path: Path) -> None:
    """A folder with anything in it is left as it is; a game that can't be leaves nothing behind."""
    (tmp_path / "g").mkdir()
    (tmp_path / "g" / "mine").write_text("mine")
    with pytest.raises(UsageError, match="left as it is"):
        made(tmp_path / "g")
    with pytest.raises(UsageError, match="2 to 8 tables"):
        new_game(tmp_path / "h", TABLES[:1])
    with pytest.raises(UsageError, match="or nearly so"):
        new_game(tmp_path / "h", [Table("Table 1", "pacific-island"), Table("table-1", "pacific-island")])
    with pytest.raises(UsageError, match="there is no folder"):
        made(tmp_path / "none" / "h")
    assert [one.name for one in tmp_path.iterdir()] == ["g"]
    assert (tmp_path / "g" / "mine").read_text() == "mine"


def test_rules_tell_all_faults_with_lines(tmp_path: Path) -> None:
    """Every fault of game.toml is told at once, with its line and what is allowed."""
    made(tmp_path / "g")
    path = tmp_path / "g" / "game.toml"
    path.write_text(path.read_text().replace("rounds = 3", "rounds = 11").replace("near = 0.5", "near = 7")
                    .replace("caribbean-island", "atlantis") + "colour = 1\n")
    with pytest.raises(ContentError) as told:
        read_game(tmp_path / "g")
    lines = str(told.value).splitlines()
    assert len(lines) == 4
    for line, what in zip(lines, ("rounds", "near", "atlantis", "colour"), strict=True):
        assert what in line
        assert "line " in line
        assert "allowed: " in line
    with pytest.raises(UsageError, match="there is no game"):
        read_game(tmp_path)


def test_documents_with_faults_are_told(tmp_path: Path) -> None:
    """A document that is missing, broken, of another economy or without texts is told with its line."""
    folder = tmp_path / "g"
    game = made(folder)
    place = folder / "rounds" / "1"
    place.joinpath(TABLES[0].file).write_text('title = "x"\neconomy = "mobile-money-leader"\nyears = 2\nyeers = 3\n')
    place.joinpath(TABLES[1].file).write_text(policy_toml(policy(TABLES[0], "complaint-line")))
    one, two, three = handed_in(folder, game, 1)
    assert "table-1.toml, line 4: the key yeers has no meaning" in one.faults[0]
    assert "line 2: Mesa ñ advises another economy; allowed: landlocked-transition" in two.faults[0]
    assert "has handed in nothing" in three.faults[0]
    place.joinpath(TABLES[1].file).write_text(policy_toml(replace(policy(TABLES[1], "complaint-line"), text={})))
    assert len(handed_in(folder, game, 1)[1].faults) == 4
    assert handed_in(folder, replace(game, texts=False), 1)[1].policy is not None
    with pytest.raises(ContentError) as told:
        play_next(folder, [], FEW)
    assert "line 4" in str(told.value)
    assert "handed in nothing" in str(told.value)
    assert str(told.value).endswith('To let a table go on as it was last round: --as-last-round "Table 1"')
    assert read_results(folder, game) == []


def test_as_it_was_last_round(tmp_path: Path) -> None:
    """Only a table that is named goes on without a document: in round 1 without measures, then with its last one."""
    folder = tmp_path / "g"
    game = made(folder)
    names = [one.name for one in TABLES]
    with pytest.raises(UsageError, match="there is no table called Tisch"):
        play_next(folder, ["Tisch"], FEW)
    first = play_next(folder, names, FEW)
    assert all(one["all"]["points"] == [0, 0, 0] and one["all"]["rank"] == 1 for one in first["tables"])
    assert first["as_last_round"] == names
    hand_in(folder, 2)
    play_next(folder, [], FEW)
    third = play_next(folder, names, FEW)
    assert third["documents"] == read_results(folder, game)[1]["documents"]
    with pytest.raises(UsageError, match="all 3 rounds are played"):
        play_next(folder, names, FEW)


# -- whole or not at all ----------------------------------------------------------------------------------------------


def test_the_same_documents_give_the_same_bytes(played: Path, tmp_path: Path) -> None:
    """The same seed and documents give the same results, byte for byte; another seed gives others."""
    for name, seed in (("same", "a"), ("other", "b")):
        made(tmp_path / name, seed=seed)
        for number in (1, 2):
            hand_in(tmp_path / name, number)
            play_next(tmp_path / name, [], FEW)
    results = (played / "results.jsonl").read_bytes()
    assert (tmp_path / "same" / "results.jsonl").read_bytes() == results
    assert (tmp_path / "other" / "results.jsonl").read_bytes() != results


def test_what_was_played_stays(tmp_path: Path) -> None:
    """A document that is changed after its round was played changes nothing any more."""
    results = []
    for name in ("left", "changed"):
        folder = tmp_path / name
        made(folder)
        hand_in(folder, 1)
        play_next(folder, [], FEW)
        if name == "changed":
            (folder / "rounds" / "1" / TABLES[0].file).write_text("nonsense")
        hand_in(folder, 2)
        play_next(folder, [], FEW)
        results.append((folder / "results.jsonl").read_bytes())
    assert results[0] == results[1]


def test_a_full_disk_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the results can't be written, those that were there stay, and no half file is left."""
    folder = tmp_path / "g"
    made(folder)
    hand_in(folder, 1)
    play_next(folder, [], FEW)
    before, names = (folder / "results.jsonl").read_bytes(), sorted(os.listdir(folder))
    hand_in(folder, 2)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MachineError, match="No space left on device; nothing was changed"):
        play_next(folder, [], FEW)
    assert (folder / "results.jsonl").read_bytes() == before
    assert sorted(os.listdir(folder)) == names


def test_a_machine_switched_off_loses_nothing(tmp_path: Path) -> None:
    """A process that is killed while it plays leaves the game as it was; the round can then be played."""
    folder = tmp_path / "g"
    game = made(folder)
    hand_in(folder, 1)
    code = ("import sys, time\nfrom pathlib import Path\nfrom spamlab.policy.game import play_next\n"
            "def bring(*given):\n    print('playing', flush=True)\n    time.sleep(60)\n"
            "play_next(Path(sys.argv[1]), [], bring)\n")
    with subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "playing\n"
        with pytest.raises(UsageError, match="is being played already"):
            play_next(folder, [], FEW)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    assert read_results(folder, game) == []
    assert play_next(folder, [], FEW)["round"] == 1


def test_the_lock_goes_with_its_holder(tmp_path: Path) -> None:
    """A lock that somebody else holds is told in one sentence, and is free once it is closed."""
    folder = tmp_path / "g"
    made(folder)
    hand_in(folder, 1)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(UsageError, match="played already"):
            play_next(folder, [], FEW)
    assert play_next(folder, [], FEW)["round"] == 1


def test_results_that_do_not_fit_are_told(played: Path, tmp_path: Path) -> None:
    """A torn line, and tables that were changed after a round, are told in one sentence."""
    folder = tmp_path / "g"
    game = made(folder)
    lines = (played / "results.jsonl").read_text()
    (folder / "results.jsonl").write_text(lines[:-40])
    with pytest.raises(ContentError, match="line 2: this is not the result of round 2"):
        read_results(folder, game)
    (folder / "results.jsonl").write_text(lines)
    assert len(read_results(folder, game)) == 2
    with pytest.raises(ContentError, match="other tables"):
        read_results(folder, replace(game, tables=(Table("Renamed", TABLES[0].economy), *TABLES[1:])))


# -- documents of several rounds --------------------------------------------------------------------------------------


def test_a_later_document_changes_only_what_comes_after() -> None:
    """Levers before the round stay, what had begun keeps its start, what is new begins in the round at the earliest."""
    game = Game("T", "quiet", 3, 52, TABLES)
    economy = economy_of_table(game, 0)
    first = policy(TABLES[0], "information-sharing", "sms-firewall", "complaint-line")
    later = policy(TABLES[0], "published-rankings", "complaint-line", "information-sharing")
    alone, both = course_of(game, 0, economy, [first]), course_of(game, 0, economy, [first, later])
    np.testing.assert_array_equal(both.levers[:, :52], alone.levers)
    for name in ("information-sharing", "complaint-line"):
        assert both.last.begins[name] == alone.last.begins[name]
    begun = both.last.begins["published-rankings"]
    assert begun is not None
    assert begun >= 52
    assert alone.levers[LEVER_INDEX["firewall"]].max() > 0, "the firewall was in force"
    assert both.levers[LEVER_INDEX["firewall"], 52:].max() == 0, "and ends with the round before"
    assert both.costs["sms-firewall", "operators"][:52].sum() > 0 == both.costs["sms-firewall", "operators"][52:].sum()


def test_the_same_document_again_is_no_change() -> None:
    """A document handed in again and again is the same as one that is in force all the time."""
    game = Game("T", "quiet", 3, 26, TABLES)
    economy = economy_of_table(game, 0)
    one = policy(TABLES[0], *PLANS[0])
    thrice = course_of(game, 0, economy, [one] * 3)
    whole = course_of(replace(game, rounds=1, weeks=78), 0, economy, [one])
    quiet = all((path_of(game, 3, 0)[row] == path_of(game, 1, 0)[row]).all() for row in (list(SHOCKS).index("budget"),))
    assert quiet, "no card touches the budget here"
    np.testing.assert_allclose(thrice.levers, whole.levers)


def test_cards() -> None:
    """No card comes twice before all were drawn, none says that a neighbour closes, half are for one table alone."""
    known = len(read_scenarios()) - len(NO_CARDS)
    alone = 0
    for seed in range(40):
        game = Game("T", str(seed), min(10, known), 26, TABLES)
        cards = [card_of(game, number) for number in range(1, known + 1)]
        assert len({card.scenario.name for card in cards}) == known
        assert not {card.scenario.name for card in cards} & set(NO_CARDS)
        alone += sum(card.table is not None for card in cards)
    assert 0.3 < alone / (40 * known) < 0.6


def test_a_card_works_from_its_round_on_and_where_it_says() -> None:
    """Nothing of a card is felt before its round, and a card for one table leaves the others in peace."""
    quiet = np.array([value for value, _about in SHOCKS.values()])[:, None]
    for seed in range(12):
        game = Game("T", str(seed), 3, 52, TABLES)
        for number in (1, 2, 3):
            for place in range(3):
                before, now = path_of(game, number - 1, place), path_of(game, number, place)
                np.testing.assert_array_equal(now[:, :(number - 1) * 52], before[:, :(number - 1) * 52])
                card = card_of(game, number)
                felt = (now != before).any()
                assert felt == (bool(card.scenario.shocks) and card.table in (None, place))
        assert (path_of(game, 0, 0) == quiet).all()


# -- what moves -------------------------------------------------------------------------------------------------------


def a_home(spending: Any, near: Any = 1.0, harms: Any = 2.0) -> Home:
    """An economy in 1 week and 2 draws, where fraudsters would spend 10 at home and 50 at the neighbour's."""
    flat = np.ones((len(FRAUD), 1, 2))
    none = np.ones((1, 2))
    return Home(100 * none, 0 * none, 0 * none, 0 * none, spending * flat, 10 * flat, 50 * near * flat, 50 * flat,
                harms * flat, np.zeros((4, 1, 2)))


SPENT = st.floats(0, 30, allow_nan=False)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(SPENT, st.floats(0, 2)), min_size=2, max_size=8), st.floats(0, 1),
       st.floats(0.5, 0.95), st.floats(1.5, 6))
def test_every_dollar_is_accounted_for(homes: list[tuple[float, float]], near: float, converts: float,
                                       fatigue: float) -> None:
    """Driven off = given up + into tables + elsewhere, in each week and draw; none of it below 0, none to oneself."""
    found = displacement([a_home(*one) for one in homes], np.full(2, converts), np.full(2, fatigue), near)
    whole = found.given_up + found.into.sum(axis=1) + found.elsewhere
    np.testing.assert_allclose(whole, found.driven_off, rtol=1e-12, atol=1e-12)
    for part in (found.driven_off, found.given_up, found.elsewhere, found.into, found.harm):
        assert (part >= -1e-12).all()
        assert np.isfinite(part).all()
    for place in range(len(homes)):
        assert not found.into[place, place].any()
        assert not found.harm[place, place].any()


def test_what_the_rule_says() -> None:
    """Who is caught moves to nobody; an open market receives more; nothing moves where no table is near."""
    share, tired = np.full(2, 0.5), np.full(2, 3.0)
    tables = [a_home(2.0), a_home(9.0), a_home(3.0, 0.3)]
    found = displacement(tables, share, tired, 0.5)
    assert found.driven_off[0, 0, 0, 0] == pytest.approx(8)
    assert found.given_up[0, 0, 0, 0] == pytest.approx(4)
    assert found.driven_off[2].max() == 0, "it fell everywhere alike"
    assert found.into[0, 1, 0, 0, 0] == pytest.approx(0.5 * 4 * 0.9 / 3)
    assert found.into[0, 2, 0, 0, 0] == pytest.approx(0.5 * 4 * 0.3 / 3)
    assert displacement(tables, share, tired, 0.0).into.max() == 0
    with_more = displacement([a_home(0.0), a_home(9.0), a_home(3.0, 0.3)], share, tired, 0.5)
    assert found.harm[0, 1].max() < with_more.harm[0, 1].max() < 1.25 * found.harm[0, 1].max()


def test_harm_of_what_arrives_is_that_of_the_senders_there() -> None:
    """The harm is at most what a dollar does there on the average, and nearly that when little comes."""
    share, never_tired = np.full(2, 0.5), np.full(2, 1e9)
    found = displacement([a_home(2.0), a_home(8.0, harms=4.0)], share, never_tired, 1.0)
    come = found.into[0, 1].sum(axis=0)
    np.testing.assert_allclose(found.harm[0, 1], come * 4.0 / 8.0, rtol=1e-6)
    tired = displacement([a_home(2.0), a_home(8.0, harms=4.0)], share, np.full(2, 3.0), 1.0)
    assert (tired.harm[0, 1] < found.harm[0, 1]).all()


def test_conservation_in_a_real_round() -> None:
    """The same account holds for real economies with real documents, to the cent in each week."""
    game = Game("T", "a", 1, 52, TABLES)
    drawn = draw_parameters("x", 4)
    homes = [home_of(economy_of_table(game, place), course_of(game, place, economy_of_table(game, place), [
        policy(table, *PLANS[0])]), path_of(game, 1, place), drawn, 52, "a") for place, table in enumerate(TABLES)]
    found = displacement(homes, drawn["converts"], drawn["fatigue"], 0.5)
    left = found.driven_off - found.given_up - found.into.sum(axis=1) - found.elsewhere
    assert np.abs(left).max() * 1e6 < 0.01
    assert found.into.sum() > 0
    assert found.harm.sum() > 0
    for place, one in enumerate(homes):
        assert (found.driven_off[place] <= one.spending_none + 1e-12).all(), "no more than there was"


# -- scores -----------------------------------------------------------------------------------------------------------


def test_accounts_and_sums_of_a_result(played: Path) -> None:
    """In a result the accounts add up, what was sent was received, and ranks follow the middle of the points."""
    for one in read_results(played, read_game(played)):
        accounts = one["accounts"]
        assert accounts["driven_off"] == pytest.approx(
            accounts["given_up"] + accounts["into_tables"] + accounts["elsewhere"], rel=1e-4)
        points = [table["all"]["points"][1] for table in one["tables"]]
        assert [table["all"]["rank"] for table in one["tables"]] == [1 + sum(b > a for b in points) for a in points]
        for table in one["tables"]:
            low, middle, high = table["all"]["points"]
            assert low <= middle <= high
            assert table["lesson"].count(".") >= 1
            assert table["name"] in table["lesson"]
    assert one["tables"][0]["all"]["was"] in (1, 2, 3)
    assert next(table for table in one["tables"] if table["name"] == one["lead"]["first"])["all"]["rank"] == 1
    assert 0 <= one["lead"]["share"] <= 1


def test_harm_moved_to_others_counts_by_its_weight() -> None:
    """A table that drives fraud off to others loses points in proportion to the weight; nobody else does."""
    plans = [policy(table, *names) for table, names in zip(TABLES, (PLANS[0], (), ()), strict=True)]
    free, dear = (FEW(Game("T", "a", 1, 52, TABLES, weight=weight), [], plans) for weight in (0.0, 2.0))
    sender = free["tables"][0]["all"]
    assert sender["sent"] > 0
    assert sender["received"] == 0
    assert dear["tables"][0]["all"]["points"][1] < sender["points"][1]
    for place in (1, 2):
        assert free["tables"][place]["all"] == dear["tables"][place]["all"]
        assert free["tables"][place]["all"]["points"][1] < 0, "who does nothing receives"
    assert "Table 1" in free["tables"][0]["lesson"]
    for place in (1, 2):
        assert ("dollars of harm for 1,000 people from fraud that others drove off, most from Table 1"
                in free["tables"][place]["lesson"])
    apart = FEW(Game("T", "a", 1, 52, TABLES, near=0.0), [], plans)
    assert apart["tables"][1]["all"]["points"] == [0, 0, 0]
    assert apart["accounts"]["into_tables"] == 0


def test_blocking_all_is_no_way_to_win(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that loses too many wanted messages gets 0 points at most and is told so; others are not touched."""
    monkeypatch.setattr("spamlab.policy.game_round.WANTED_FLOOR", dict.fromkeys(CHANNELS, 1e-6))
    strict = policy(TABLES[0], "operator-filtering", manner="strict")
    result = FEW(Game("T", "a", 1, 52, TABLES[:2]), [], [strict, policy(TABLES[1])])
    one, other = result["tables"]
    assert any("text messages are lost; at most 0 % may be" in told for told in one["limits"])
    assert one["all"]["points"][2] <= 0
    assert other["limits"] == []


# -- the board --------------------------------------------------------------------------------------------------------


class Seen(HTMLParser):
    """What a page is made of. A class because the parser calls back."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> Iterator[dict[str, str | None]]:
        """The attributes of each such tag."""
        return (attributes for name, attributes in self.tags if name == tag)


def test_the_board_is_one_page_that_everybody_can_read(played: Path) -> None:
    """One page: language and direction, header cells, alt texts, nothing from elsewhere, names as text."""
    game = read_game(played)
    page = board_html(game, read_results(played, game))
    seen = Seen(page)
    assert next(seen.all("html")) == {"lang": "en", "dir": "ltr"}
    assert len(list(seen.all("h1"))) == 1
    assert list(seen.all("h2"))
    assert list(seen.all("title"))
    assert sum(1 for one in seen.all("th") if one["scope"] == "row") == 2 * len(TABLES)
    assert all(one["scope"] in ("row", "col") for one in seen.all("th"))
    assert len(list(seen.all("caption"))) == len(list(seen.all("table"))) == 2
    pictures = [one for one in seen.all("svg") if one.get("aria-hidden") != "true"]
    assert len(pictures) == 2
    assert all(one["role"] == "img" and 20 < len(one["aria-label"] or "") <= 150 for one in pictures)
    assert not list(seen.all("script")) + list(seen.all("link")) + list(seen.all("img")) + list(seen.all("iframe"))
    for tag, attributes in seen.tags:
        for key in ("src", "href", "xlink:href"):
            assert not attributes.get(key) or str(attributes[key]).startswith("#"), (tag, attributes)
    assert "url(http" not in page
    assert "@import" not in page
    assert "<b>" not in page
    assert "&lt;b&gt;Third" in page
    ids = [attributes["id"] for _tag, attributes in seen.tags if "id" in attributes]
    uses = {str(one["xlink:href"])[1:] for one in seen.all("use")}
    assert uses <= set(ids)
    assert "relative to this model" in page
    assert page == board_html(game, read_results(played, game)), "the same results are the same page"


def test_the_board_has_one_unit_of_money(played: Path) -> None:
    """Harm in the scoreboard, in the table of what moved, its figure and the lessons is dollars for 1,000 people."""
    game = read_game(played)
    results = read_results(played, game)
    last = results[-1]
    page = board_html(game, results)
    assert "million" not in page
    for place, one in enumerate(last["tables"]):
        people = economy_named(one["economy"]).figures["population"] / 1000
        sent, received = (_amount(one["all"][key] / people) for key in ("sent", "received"))
        assert f"<td>{sent}</td><td>{received}</td>" in page
        row = next(row for row in received_figure(results).rows if row[0] == one["name"])
        cells = [f"<td>{cell}</td>" for cell in row[1:]]
        assert all(cell in page or cell == "<td>0.0</td>" or here == place for here, cell in enumerate(cells))
    assert _accounts({"driven_off": 8.0, "given_up": 2.0, "into_tables": 2.0, "elsewhere": 4.0}).endswith(
        "of each 100 dollars that fraudsters were driven off with, 25 were given up, 25 went to other tables, and 50 "
        "elsewhere.")
    assert "Nobody was driven off" in _accounts({"driven_off": 0.0})


def test_the_board_before_the_first_round(tmp_path: Path) -> None:
    """Before the first round the board names the tables and their economies."""
    page = board_html(made(tmp_path / "g"), [])
    assert "No round has been played yet" in page
    assert "Mesa ñ" in page
    assert "no round has been played yet" in board_text(read_game(tmp_path / "g"), [])


def test_nothing_of_rounds_to_come_is_told(played: Path) -> None:
    """Neither the board nor its data tell the seed, or the card of a round that was not played."""
    game = replace(read_game(played), seed="never-told-to-anybody")
    results = read_results(played, game)
    coming = card_of(read_game(played), 3).scenario
    for told in (board_html(game, results), json.dumps(board_json(game, results)), board_text(game, results)):
        assert game.seed not in told
        assert coming.about not in told


def test_figures_say_what_they_show(played: Path) -> None:
    """Each figure has its numbers as a table and an alt text; a picture's ids are its own."""
    results = read_results(played, read_game(played))
    for drawn in (points_figure(results), received_figure(results)):
        assert len(drawn.rows) == len(TABLES)
        assert all(len(row) == len(drawn.heads) for row in drawn.rows)
        assert drawn_svg(drawn).startswith("<svg role=")


def test_a_round_of_eight_tables_is_played_in_seconds() -> None:
    """Eight tables and five years are the largest game: a round takes no more than a group waits for."""
    tables = [Table(f"Table {number}", "pacific-island") for number in range(1, 9)]
    game = Game("T", "a", 5, 52, tuple(tables))
    begun = time.monotonic()
    earlier = {"documents": [policy_toml(policy(table, "complaint-line")) for table in tables], "round": 1,
               "tables": [{"all": {"rank": 1}}] * 8}
    result = FEW(game, [earlier] * 4, [policy(table, "complaint-line") for table in tables])
    assert len(result["tables"]) == 8
    assert time.monotonic() - begun < 30
