"""Who writes to whom, and by which way the message came: all that a record shows without its header.

A way says through whose hands a message went, and with it what a verifier finds: it is drawn by kind of sender, with
other weights for spam and ham, but no way belongs to one of them alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from spamlab.generate.draws import BITS, Weighted, below, named, share, uniform
from spamlab.generate.evasion import Evaded
from spamlab.generate.languages import RECIPIENT
from spamlab.generate.mail.world import (
    FAMILY,
    FIRST,
    GIVEN,
    LIST_HOSTS,
    LIST_NAMES,
    PROVIDERS,
    RECEIVERS,
    ROLES,
    SECOND,
    SERVICE_NAMES,
    Provider,
    Receiver,
)
from spamlab.generate.making import Making
from spamlab.generate.names import Names, Person
from spamlab.generate.safety import ENDS

WAYS: Mapping[str, str] = {
    "provider": "from a mailbox at a provider, by its servers",
    "own": "from a server of the domain in From",
    "service": "by a service that sends in bulk for the domain in From",
    "list": "through a mailing list, which changed it",
    "forwarded": "through an honest service that passes mail on unchanged",
    "direct": "from a host that the domain in From doesn't name: a small office's server, a device, a bot",
    "web": "from a script on a rented web server",
    "inside": "from a colleague, without crossing the border",
}
_ORDER = tuple(WAYS)
_SHARES: Mapping[tuple[str, str], tuple[int, ...]] = {
    # kind of sender, label: provider own service list forwarded direct web inside
    ("person", "ham"): (44, 34, 1, 3, 6, 5, 1, 6),
    ("person", "spam"): (42, 28, 3, 1, 4, 14, 5, 3),
    ("stranger", "ham"): (50, 28, 5, 2, 6, 5, 4, 0),
    ("stranger", "spam"): (26, 30, 10, 2, 4, 19, 9, 0),
    ("list", "ham"): (2, 3, 2, 89, 3, 1, 0, 0),
    ("list", "spam"): (6, 6, 4, 78, 3, 3, 0, 0),
    ("firm", "ham"): (3, 36, 45, 1, 4, 4, 7, 0),
    ("firm", "spam"): (9, 34, 24, 2, 4, 15, 12, 0),
    ("machine", "ham"): (1, 50, 29, 1, 4, 6, 8, 1),
    ("machine", "spam"): (7, 33, 14, 1, 4, 25, 15, 1),
    ("report", "ham"): (14, 74, 0, 0, 6, 5, 1, 0),
    ("report", "spam"): (16, 70, 0, 0, 4, 9, 1, 0),
    ("snowshoe", "ham"): (0, 80, 14, 0, 3, 3, 0, 0),
    ("snowshoe", "spam"): (0, 80, 12, 0, 2, 6, 0, 0),
}
_WAYS = {ends: Weighted(list(zip(_ORDER, weights, strict=True))) for ends, weights in _SHARES.items()}
KINDS = {"person": "person", "list": "list", "firm": "firm", "newsletter": "firm", "machine": "machine",
         "bot": "machine"}
"""Kind of sender that a type names -> row of the table of ways; others count as strangers."""
ROWS = {"backscatter": "report", "delivery_failure": "report", "snowshoe": "snowshoe"}
"""Types that have a row of their own: servers' reports, and senders who spread over many hosts and names."""
_DAEMONS = ("MAILER-DAEMON", "MAILER-DAEMON", "mailer-daemon", "postmaster", "Postmaster")

_WAY, _PROVIDER, _PLACE, _RECEIVER = named("mail way"), named("mail provider"), named("mail place"), named("receiver")
_FIRST, _SECOND, _JOIN, _END = named("domain first"), named("domain second"), named("domain join"), named("domain end")
_NAMED, _LOCAL, _LOCAL_NUMBER = named("domain after name"), named("local part"), named("local number")
_GIVEN, _FAMILY, _TO_SHOWN, _TO_LOCAL = named("given"), named("family"), named("to shown"), named("to local")
_TO_GIVEN, _TO_FAMILY, _TO_FORM = named("to given"), named("to family"), named("to form")
_LIST_HOST, _LIST_NAME, _MUNGED, _SHOWN = named("list host"), named("list name"), named("list munged"), named("shown")
_FORGED_END = named("forged domain")
_LATIN_FROM, _LATIN_TO, _FAMILY_FIRST = named("latin from"), named("latin to"), named("family first")
_GREETING = re.compile(r"\s*(?:[^\W\d_]+[ ,]+){0,2}([^\W\d_]+)[,!.:]?(?:\n|$)")
_KNOWN = frozenset(GIVEN)
_PERSON_AT = re.compile(r"^.* (?:at|from) (?=[A-Z])")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_MAILBOX = re.compile(r"[a-z0-9]+(?:[.+_-][a-z0-9]+)*@(?:[a-z0-9-]+\.)+(?:example|test|invalid)", re.IGNORECASE)
_DROPPED = re.compile(r"\b(the|and|of|ltd|inc|plc|gmbh|llc|co)\b")


@dataclass(frozen=True, slots=True)
class Ends:
    """Sender, recipient and way of one message.

    kind: person, stranger, list, firm or machine. name, address: of the From field. author: the address of who wrote,
    which differs from `address` where a list put itself in From. to_name, to: the recipient, name "" where none is
    shown. group: the list's own address, "" without one.
    """

    way: str
    kind: str
    name: str
    address: str
    author: str
    to_name: str
    to: str
    receiver: Receiver
    provider: Provider | None
    group: str

    @property
    def domain(self) -> str:
        """The domain in the From field."""
        return self.address[self.address.rindex("@") + 1:]


def ends_of(making: Making, text: str, title: str = "") -> Ends:
    """Who writes to whom, drawn from the record's key. text: the body, which may greet its reader by a first name, as
    the title (the subject) may name whom it is for."""
    key, house, kind = making.key, making.origin_key, KINDS.get(making.type.sender, "stranger")
    row = ROWS.get(making.type.name, kind)
    way = _WAYS[row, making.type.label].pick(house, _WAY)
    receiver = RECEIVERS[below(key, _RECEIVER) * len(RECEIVERS) >> BITS]
    name = making.give("from_name") if "from_name" in making.type.grammar else ""
    person = kind in ("person", "list", "stranger")
    names = making.language.names
    spelled = ""
    if names is not None:
        name, spelled = _own_sender(making, names, name, person)
    elif not name and person:
        name = (f"{GIVEN[below(key, _GIVEN) * len(GIVEN) >> BITS].title()} "
                f"{FAMILY[below(key, _FAMILY) * len(FAMILY) >> BITS].title()}")
    provider = None
    if way == "provider" or (way in ("list", "forwarded") and below(house, _PLACE) >> (BITS - 1)):
        provider = PROVIDERS[below(house, _PROVIDER) * len(PROVIDERS) >> BITS]
        domain = provider.domains[below(house, _PLACE) % len(provider.domains)]
    elif way == "inside":
        domain = receiver.domain
    else:
        # A bot writes in many names; other senders stay in the house that their machine belongs to.
        domain = organisation(key if way == "direct" else house, "" if person or row == "report" else (
            names.spelled(name) if names is not None else name))
    if row == "report":
        local = _DAEMONS[below(key, _LOCAL) * len(_DAEMONS) >> BITS]
    elif person or way == "provider":
        local = local_part(key, spelled or name)
    else:
        local = SERVICE_NAMES[below(key, _LOCAL) * len(SERVICE_NAMES) >> BITS]
    if "@" in name and _MAILBOX.fullmatch(name) and way != "provider":
        # A sender who is named by a mailbox writes from it.
        local, _, domain = name.lower().partition("@")
        name = ""
    address = author = f"{local}@{domain}"
    if name and way != "list" and share(key, _SHOWN) < 0.05:
        name = ""
    group = ""
    if way == "list":
        host = LIST_HOSTS[below(key, _LIST_HOST) * len(LIST_HOSTS) >> BITS]
        group = f"{LIST_NAMES[below(key, _LIST_NAME) * len(LIST_NAMES) >> BITS]}@{host}"
        if share(key, _MUNGED) < 0.25:
            name, address = f"{name or author} via {group.partition('@')[0]}", group
    to_name, to = _own_recipient(making, names, receiver, title, text) if names is not None else _recipient(
        key, receiver, greeted(text))
    return Ends(way, kind, name, address, author, to_name, to, receiver, provider, group)


def _own_sender(making: Making, names: Names, name: str, person: bool) -> tuple[str, str]:
    """The display name of a sender in a language with own names, and the Latin words of the mailbox: "" where the name
    itself has some. name: as the text gives it, "" for none."""
    key = making.key
    who = names.read(name)
    if not name and person:
        who = names.completed(None, key)
        name = names.shown(who)
    if who is None:
        # A name in Latin letters speaks for itself; any other is a firm's or a nickname: the mailbox is somebody's.
        words = _NOT_SLUG.sub(" ", plain_letters(names.spelled(name)).lower()).split()
        anybody = _mailbox_words(names.completed(None, key), names, key)
        return name, f"{words[0]} {anybody.rpartition(' ')[2]}" if len(words) == 1 else " ".join(words) or anybody
    if who.whole and share(key, _LATIN_FROM) < making.language.latin_names:
        name = " ".join(_in_latin(who, names, key))
    return name, _mailbox_words(names.completed(who, key), names, key)


def _own_recipient(making: Making, names: Names, receiver: Receiver, title: str, text: str) -> tuple[str, str]:
    """(display name, address) of the recipient in a language with own names: who is greeted, else the person whom the
    rule recipient_name names. What the text doesn't tell of that person but the gender is drawn for each record, for
    many who get the same text are other people."""
    key = making.key ^ _TO_GIVEN
    if isinstance(making.give, Evaded):  # what hides letters from a filter hides names as well
        title, text = (making.give.give(rule) for rule in ("subject", "body"))
    shown = making.give(RECIPIENT) if RECIPIENT in making.type.grammar else ""
    who, greeted_one = names.read(shown), names.greeted(text.lstrip().partition("\n")[0])
    known = greeted_one is not None
    if greeted_one is not None and (who is None or not greeted_one.may_be(who)):
        who, shown = greeted_one, ""
    elif who is not None:
        told = who.told_in(f"{title}\n{text}")
        known = known or told is not None
        if told != who:
            who, shown = told or names.another(who, key), ""
    who = names.completed(who, key)
    if share(making.key, _LATIN_TO) < making.language.latin_names:
        shown = " ".join(_in_latin(who, names, key))
    return _mailbox_of(making.key, receiver, _mailbox_words(who, names, key), shown or names.shown(who), known=known)


def _in_latin(who: Person, names: Names, key: int) -> list[str]:
    """The person's names in Latin letters; of those whose family name stands first, some write it first here too."""
    words = [one.latin for one in (who.given, who.family) if one]
    return words[::-1] if names.without_spaces and share(key, _FAMILY_FIRST) < 0.5 else words


def _mailbox_words(who: Person, names: Names, key: int) -> str:
    """Given and family name, each as one word in small letters, in the order of `_in_latin`."""
    return " ".join([_NOT_SLUG.sub("", word.lower()) for word in _in_latin(who, names, key)])


def organisation(key: int, name: str = "") -> str:
    """A domain of an organisation; where a name is given, mostly one made of its words."""
    slug = ""
    if name and share(key, _NAMED) < 0.72:
        slug = slug_of(_PERSON_AT.sub("", name))  # of "Brenda at Silverdene Music" the shop
    if not slug:
        join = ("", "", "-")[below(key, _JOIN) * 3 >> BITS]
        slug = (f"{FIRST[below(key, _FIRST) * len(FIRST) >> BITS]}{join}"
                f"{SECOND[below(key, _SECOND) * len(SECOND) >> BITS]}")
    elif share(key, _FORGED_END) < 0.3:
        slug = f"{slug}-{SECOND[below(key, _SECOND) * len(SECOND) >> BITS]}"
    return f"{slug}.{'example' if share(key, _END) < 0.85 else 'test'}"


def slug_of(name: str) -> str:
    """The words of a name as a label of the DNS, at most 30 characters; "" where it has no Latin letters."""
    plain = plain_letters(name).lower()
    return _NOT_SLUG.sub("-", _DROPPED.sub(" ", plain)).strip("-")[:30].strip("-")


def plain_letters(text: str) -> str:
    """The text in ASCII: accents taken off, other letters left out."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def local_part(key: int, name: str) -> str:
    """The part before the @ for a person's name, or for who has none that can be written in ASCII."""
    words = _NOT_SLUG.sub(" ", plain_letters(name).lower()).split()
    form = below(key, _LOCAL) * 12 >> BITS
    number = below(key, _LOCAL_NUMBER)
    if not words:
        words = [GIVEN[number % len(GIVEN)], FAMILY[number % len(FAMILY)]]
    first, last = words[0], words[-1]
    if len(words) == 1:
        last = FAMILY[number % len(FAMILY)]
    if form < 4 and last not in ENDS:
        return f"{first}.{last}"
    if form < 6 and form > 3:
        return f"{first[0]}{last}"
    if form == 6:
        return f"{first}{last}{number % 90 + 10}"
    if form == 7:
        return f"{first}_{last}"
    if form == 8:
        return f"{first}{number % 1000}"
    if form == 9:
        return first
    return f"{last}.{first[0]}" if form == 10 else f"{first}{last}"


def colleague(making: Making, number: int) -> str:
    """The mailbox of another person of the record's language, drawn by a number of 64 bits."""
    names = making.language.names
    if names is None:
        return f"{GIVEN[number % len(GIVEN)]}.{FAMILY[(number >> 9) % len(FAMILY)]}"
    return _mailbox_words(names.completed(None, number), names, number).replace(" ", ".")


def greeted(text: str) -> str:
    """The first name in small letters that a body begins with, as in "Dear Ana,"; "" where it greets nobody known."""
    found = _GREETING.match(text)
    name = found.group(1).lower() if found else ""
    return name if name in _KNOWN else ""


def _recipient(key: int, receiver: Receiver, given: str) -> tuple[str, str]:
    known = bool(given)
    given = given or GIVEN[below(key, _TO_GIVEN) * len(GIVEN) >> BITS]
    family = FAMILY[below(key, _TO_FAMILY) * len(FAMILY) >> BITS]
    return _mailbox_of(key, receiver, f"{given} {family}", f"{given.title()} {family.title()}", known=known)


def _mailbox_of(key: int, receiver: Receiver, words: str, name: str, *, known: bool) -> tuple[str, str]:
    """(display name, "" for none; address) of a recipient. words: given and family name in small letters. known: the
    text greets them, so that they have a mailbox of their own."""
    given, _, family = words.partition(" ")
    form = below(key, _TO_FORM) * 10 >> BITS
    if form == 9 and not known:
        return "", f"{ROLES[uniform(key, _TO_LOCAL, len(ROLES))]}@{receiver.domain}"
    local = f"{given}.{family}" if form < 5 else f"{given[0]}{family}" if form < 7 else given if form < 8 else (
        f"{family}.{given[0]}")
    shown = name if below(key, _TO_SHOWN) >> (BITS - 1) else ""
    return shown, f"{local}@{receiver.domain}"
