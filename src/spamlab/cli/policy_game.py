"""`spamlab policy game`: a game for groups, with a scoreboard."""

from __future__ import annotations

import json
from pathlib import Path

import click

from spamlab.errors import ContentError, UsageError

FOLDER = click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))


@click.group(name="game")
def command() -> None:
    """A game for groups: each table advises an economy; fraud that one drives off moves to others.

    docs/policy/game.md says how a trainer leads it.
    """


@command.command(name="new")
@FOLDER
@click.option("--table", "tables", multiple=True, metavar="NAME=ECONOMY", required=True,
              help='A table and its economy, such as "Table 1=pacific-island"; 2 to 8 of them.')
@click.option("--title", default="Displacement", show_default=True, help="The title on the board.")
@click.option("--rounds", default=4, show_default=True, help="How many rounds.")
@click.option("--weeks", default=52, show_default=True, help="Weeks of a round: 26 or 52.")
@click.option("--seed", default="", help="Draws and cards follow it. Left out: one that nobody can guess.")
def new(folder: Path, tables: tuple[str, ...], title: str, rounds: int, weeks: int, seed: str) -> None:
    """Make a game's folder, with a document for each table to begin with."""
    from spamlab.policy.game import Table, new_game

    given = []
    for one in tables:
        name, sign, economy = one.rpartition("=")
        if not sign:
            raise UsageError(f'--table is a name, = and an economy, such as "Table 1=pacific-island", not {one}')
        given.append(Table(name.strip(), economy.strip()))
    game = new_game(folder, given, title=title, rounds=rounds, weeks=weeks, seed=seed)
    click.echo(f"{folder} holds a game for {len(game.tables)} tables and {game.rounds} rounds.\n"
               f"Give each table its file of {folder / 'start'}; put what they hand in into {folder / 'rounds' / '1'}, "
               f"under the same name. Then: spamlab policy game check {folder}")


@command.command(name="check")
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(folder: Path, as_json: bool) -> None:
    """Say which tables are ready for the next round; every fault with its line. Exit status 1 if one is not.

    JSON: {"round" (null when all are played), "ready", "tables": [{"name", "file", "ready", "measures", "faults"}]}.
    """
    from spamlab.policy.game import handed_in, read_game, read_results

    game = read_game(folder)
    number = len(read_results(folder, game)) + 1
    over = number > game.rounds
    found = [] if over else handed_in(folder, game, number)
    ready = all(not one.faults for one in found)
    if as_json:
        click.echo(json.dumps({
            "round": None if over else number, "ready": ready and not over, "tables": [
                {"name": one.table.name, "file": str(one.path), "ready": not one.faults,
                 "measures": len(one.policy.measures) if one.policy else None, "faults": list(one.faults)}
                for one in found]}, indent=2))
    elif over:
        click.echo(f"All {game.rounds} rounds are played.")
    else:
        for one in found:
            if one.policy:
                many = len(one.policy.measures)
                click.echo(f"{one.table.name}: ready, {many} measure{'' if many == 1 else 's'}.")
            else:
                click.echo("\n".join([f"{one.table.name}: not ready.", *(f"  {fault}" for fault in one.faults)]))
        if ready:
            click.echo(f"All are ready for round {number}: spamlab policy game play {folder}")
    if not ready:
        raise SystemExit(ContentError.exit_status)


@command.command(name="play")
@FOLDER
@click.option("--as-last-round", "as_before", multiple=True, metavar="TABLE",
              help="This table's document of the last round stays in force; in round 1 it has no measure.")
@click.option("--json", "as_json", is_flag=True, help="Print the board as JSON.")
def play(folder: Path, as_before: tuple[str, ...], as_json: bool) -> None:
    """Play the next round, once: whole or not at all.

    A document with faults is told with its lines, and the round is not played.
    """
    from spamlab.policy.game import play_next, read_game, read_results
    from spamlab.policy.game_board import board_json, board_text
    from spamlab.policy.game_round import bring

    play_next(folder, as_before, bring)
    game = read_game(folder)
    played = read_results(folder, game)
    click.echo(json.dumps(board_json(game, played), indent=2) if as_json else board_text(game, played))


@command.command(name="board")
@FOLDER
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path),
              help="Write the board as one page, FILE.html, that needs nothing else.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def board(folder: Path, out: Path | None, as_json: bool) -> None:
    """Show the scoreboard. It tells nothing of rounds to come.

    JSON: {"title", "round", "rounds", "weeks", "card", "tables": [{"name", "economy", "rank", "was", "points" (low,
    median, high), "person" (US dollars), "round", "sent", "received", "budget", "limits", "lesson"}], "moved"}.
    """
    from spamlab.policy.game import read_game, read_results, write_whole
    from spamlab.policy.game_board import board_html, board_json, board_text

    if out is not None:
        if out.suffix != ".html" or out.is_dir():
            raise UsageError(f"the board is one page, so its name must end in .html: {out}")
        if not out.parent.is_dir():
            raise UsageError(f"there is no folder {out.parent}")
    game = read_game(folder)
    played = read_results(folder, game)
    if out is not None:
        write_whole(out, board_html(game, played))
    if as_json:
        click.echo(json.dumps(board_json(game, played), indent=2))
    elif out is None:
        click.echo(board_text(game, played))
    else:
        click.echo(f"The board is in {out}.")


@command.command(name="serve")
@FOLDER
@click.option("--port", default=0, show_default=True, help="A port of 127.0.0.1; 0 takes a free one.")
def serve(folder: Path, port: int) -> None:
    """Show the board on this machine, at an address that follows the game. Ctrl+C stops it."""
    from spamlab.workshop.game_page import serve as show

    show(folder, port, click.echo)
