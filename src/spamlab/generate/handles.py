"""Names that people give themselves on the internet: invented, and the same for whoever writes.

>>> from spamlab.generate.draws import record_key
>>> handle(record_key(7, 1)) == handle(record_key(7, 1))
True
"""

from __future__ import annotations

from collections.abc import Callable

from spamlab.generate.draws import Weighted, below, named, uniform


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = _words(
    "amina ana anders anna ayse ben bilal carla chen chidi clara dan daria dina elena eli emeka emma esther "
    "fatima felix femi finn gita grace hana hassan ines ivan jamal jana jo jonas juan kai karim kofi lara lea leo "
    "li lina lucia luis maja malik maria marta mei mia mike milan mina mohamed musa nadia naomi nia nina noor "
    "olga omar otto paula pedro priya rafa rania rosa ruth sam sara sofia suresh tala tariq temi thabo theo tom "
    "uma vera wei yara yusuf zainab zoe")
_LAST = _words(
    "abbas adeyemi ahmed alvarez amin asante baker banda barros bauer berg bianchi boateng bose carter castro "
    "chan costa cruz das diallo diaz dogan dubois eze farouk fischer flores garcia gomez gupta haddad hansen "
    "hassan ito ivanov jones kamau khan kim klein kumar lange lee lima lopez mbeki mensah meyer moreau mwangi "
    "nair nakamura nguyen novak nyambe okafor ortiz osei park patel perera petrov pham quispe rahman ramos reyes "
    "rossi saleh santos sato shah silva singh sousa suarez tanaka torres tran usman vargas wang weber were wong "
    "yilmaz zhang zulu")
_THING = _words(
    "acorn arrow atlas badger bakes balcony beetle bicycle biscuit bookworm breeze canvas carrot cedar chess "
    "cloud comet cricket crow daisy dolphin drummer ember falcon fern ferry fiddle forest fox garden ginger "
    "guitar harbour hedgehog heron hiker island jazz kettle kite lantern lemon lion maple marble meadow melody "
    "moon moss mountain noodle ocean olive orbit otter owl panda paper peach pebble pepper pilot pixel planet "
    "plum poet puffin radio raven reader river robin rocket saffron sailor sparrow spoon sunday surfer teapot "
    "thunder tiger toast trail turtle tulip valley violin walker walnut willow winter wolf writer yarn zebra")
_MANNER = _words(
    "amber blue brave bright busy calm clever cosy crazy daily dusty early fluffy gentle golden green happy "
    "hidden hungry just late lazy little lone lucky mad mellow midnight misty noisy old only plain proud quick "
    "quiet rainy random real red rusty shy silent silver simply sleepy slow small sunny super tall the tiny urban "
    "velvet wandering wild")
_FORM, _ONE, _TWO, _DIGITS, _BETWEEN, _TAIL = (
    named("handle form"), named("handle first"), named("handle second"), named("handle digits"),
    named("handle between"), named("handle tail"))
_FORMS = Weighted([("full", 22), ("short", 13), ("thing", 20), ("manner", 20), ("named thing", 13), ("year", 12)])
_TAILS = Weighted([("", 52), ("1", 12), ("2", 18), ("4", 8), ("_", 6), ("x", 4)])
_YEARS = (1962, 50)


def handle(key: int) -> str:
    """A handle of 4 to 30 characters: small letters, digits, dots, low lines."""
    made = _with_tail(key, _MADE[_FORMS.pick(key, _FORM)](key))[:30].strip("._")
    return made if len(made) > 3 else f"{made}{10 + uniform(key, _DIGITS, 90)}"


def _with_tail(key: int, name: str) -> str:
    tail = _TAILS.pick(key, _TAIL)
    if tail.isdigit():
        count = int(tail)
        return f"{name}{uniform(key, _DIGITS, 10**count):0{count}d}"
    return f"_{name}" if tail == "_" else name + tail


def _one_of(words: tuple[str, ...], key: int, name: int) -> str:
    return words[uniform(key, name, len(words))]


def _between(key: int) -> str:
    return ("", ".", "_", "")[uniform(key, _BETWEEN, 4)]


def _full(key: int) -> str:
    return f"{_one_of(_FIRST, key, _ONE)}{_between(key)}{_one_of(_LAST, key, _TWO)}"


def _short(key: int) -> str:
    first, last = _one_of(_FIRST, key, _ONE), _one_of(_LAST, key, _TWO)
    return f"{first[0]}{_between(key)}{last}" if below(key, _BETWEEN) & 1 else f"{first}{_between(key)}{last[0]}"


def _thing(key: int) -> str:
    return f"{_one_of(_THING, key, _ONE)}{_between(key)}{_one_of(_THING, key, _TWO)}"


def _manner(key: int) -> str:
    return f"{_one_of(_MANNER, key, _ONE)}{_between(key)}{_one_of(_THING, key, _TWO)}"


def _named_thing(key: int) -> str:
    return f"{_one_of(_FIRST, key, _ONE)}{_between(key)}{_one_of(_THING, key, _TWO)}"


def _year(key: int) -> str:
    year = _YEARS[0] + uniform(key, below(_DIGITS, 1), _YEARS[1])
    return f"{_one_of(_FIRST, key, _ONE)}{_between(key)}{year if below(key, _TWO) & 1 else year % 100:02d}"


_MADE: dict[str, Callable[[int], str]] = {
    "full": _full, "short": _short, "thing": _thing, "manner": _manner, "named thing": _named_thing, "year": _year}
