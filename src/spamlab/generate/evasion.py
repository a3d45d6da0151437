"""What spammers do to a text so that a filter does not know it again, each as a function of (text, key).

The techniques leave a text readable, and they leave links, mail addresses and numbers alone, so that what was safe
stays safe; `shortener` and `rotation` change links, to names that are reserved too. What was done is told
(`Applied`) and goes to the record's truth. `LOOKALIKES` are harmless things that look like some of it.

>>> apply("Claim your free gift now", 7, ["spacing"])[1][0].technique
'spacing'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from spamlab.generate.confusables import LOOKS, ZERO_WIDTH
from spamlab.generate.draws import MASK, ODD, below, limit, mixed, named, share, uniform
from spamlab.generate.rewording import Rewording, paraphrased, word_salad

TECHNIQUES = ("paraphrase", "word_salad", "rotation", "shortener", "leet", "spacing", "homoglyphs", "zero_width",
              "html_hiding", "text_in_image")
"""In the order in which they are applied; the last two are made by the mail's builder (`Making.techniques`)."""
LOOKALIKES = ("short_link", "accents", "emoji", "mixed_scripts")
"""Harmless: a shop's short link, accented spellings, emoji (some joined by U+200D), a name in another script."""
ON: Mapping[str, Collection[str]] = {
    "sms": TECHNIQUES[:8], "chat": TECHNIQUES[:8], "social": TECHNIQUES[:8], "email": TECHNIQUES,
    "voice": ("paraphrase",)}
"""Channel -> the techniques that it knows: what is spoken has no letters to hide."""
LOOKALIKES_ON: Mapping[str, Collection[str]] = {"sms": LOOKALIKES, "chat": LOOKALIKES, "social": LOOKALIKES,
                                                "email": LOOKALIKES, "voice": ()}
SHORTENERS = ("shrt.example", "tny.test", "go2.example", "lnk.example", "s-l.test", "qr4.example")
"""Services that make short links, all of them invented."""
_ENDS = ("example", "test", "invalid")
"""In one of these, or in a name below example.com, each link's name ends."""
_HOPS = ("click.adroute.example", "r.trackhub.test", "out.cdn-edge.example", "redir.mailflow.test")
# What stands in a name: letters, digits, hyphens, low lines; no letter of the scripts that are written without spaces,
# in which a link may stand between words.
_LETTER = r"[^\x00-,./:-@\[-^`{-\xbf\u060c\u061b\u061f\u2000-\u206f\u2e80-\uffef]"
_BEFORE = r"(?<![^\x00-,/:-?\[-^`{-\xbf\u060c\u061b\u061f\u2000-\u206f\u2e80-\uffef])"
LINK = re.compile(
    rf"{_BEFORE}(?:{_LETTER}++(?:\.|://))+"
    rf"(?:(?<=example\.)(?<!{_LETTER}example\.)(?:com|net|org)|(?:example|test|invalid)(?!\.(?:com|net|org)))"
    rf"(?!{_LETTER}|@)(?:[/?#](?:[!#-&(-;=?-~]*[A-Za-z0-9_/=])?)?", re.IGNORECASE)
"""A link, with a scheme or without one, to a name that is reserved."""
# Links, mail addresses and what holds a digit stay as they are; words of four letters and more may change.
_KEPT = r"(?P<kept>(?<!\S)[^\s@\d/.]*+(?:\.(?!\w)[^\s@\d/.]*+)*+[@\d/.]\S*+)"
_KEPT_AMONG = r"(?P<kept>[!-~]*[@\d/.][!-~]*)"
"""The same where words stand without spaces: what is written in ASCII alone."""
_PIECES = re.compile(_KEPT + r"|(?P<word>[^\W\d_]{4,})")
_WORDS = re.compile(_KEPT_AMONG + r"|(?P<word>[^\W\d_]+)")
_LEET = {"a": "4", "e": "3", "i": "1", "o": "0", "s": "5", "t": "7", "A": "4", "E": "3", "I": "1", "O": "0", "S": "$",
         "T": "7"}
_CODE = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_BYWORDS = ("secure", "help", "my", "online", "id", "web", "info", "go", "auth", "portal", "m", "app")
_ACCENTS = {"cafe": "café", "Cafe": "Café", "resume": "résumé", "naive": "naïve", "fiance": "fiancé", "Jose": "José",
            "Andre": "André", "Zoe": "Zoë", "Renee": "Renée", "Chloe": "Chloé", "Noel": "Noël", "Garcia": "García",
            "Lopez": "López", "Sofia": "Sofía", "Muller": "Müller", "Beyonce": "Beyoncé", "decor": "décor",
            "jalapeno": "jalapeño", "facade": "façade", "Sao Paulo": "São Paulo", "Bogota": "Bogotá",
            "Zurich": "Zürich", "Malaga": "Málaga", "Cancun": "Cancún", "Montreal": "Montréal"}
_ACCENTED = re.compile(rf"\b(?:{'|'.join(_ACCENTS)})\b")
ACCENTED = frozenset(word.partition(" ")[0] for word in _ACCENTS)
_WORD = re.compile(r"[A-Za-z]{3,}")
_EMOJI = ("🙂", "😂", "👍", "🙏", "❤️", "😊", "🎉", "😅", "👀", "🥰", "👨‍👩‍👧", "🤷‍♀️", "☕", "✅", "👋", "🌧️")
_NAMES = ("Мария", "Алексей", "Ольга", "Δημήτρης", "Ελένη", "李娜", "王伟", "سارة", "يوسف", "प्रिया", "ヒロ", "지민")
_PERSONS = frozenset(("mobile", "person"))
_WORDLESS = frozenset(("unanswered", "one-ring", "silent"))
"""Manners of calls in which nobody speaks (see calls.py): their notes are not the caller's words."""
_PICK, _WHICH, _FORM, _SUBDOMAIN = named("evaded word"), named("evaded letter"), named("form"), named("name")


@dataclass(frozen=True)
class Applied:
    """What was done to a text. changed: places. chains: a link as it is shown, each stop on its way, where it ends.
    renamed: (host before, host after)."""

    technique: str
    changed: int
    chains: tuple[tuple[str, ...], ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


def apply(text: str, key: int, techniques: Collection[str], rules: Rewording | None = None,
          ) -> tuple[str, tuple[Applied, ...]]:
    """The text after these techniques (of `TECHNIQUES` and `LOOKALIKES`), and what was done; what finds nothing to do
    is not told. Raises ValueError for a name that is unknown or needs a mail to be made (`html_hiding`)."""
    done = []
    for name in sorted(techniques, key=lambda name: _PLACES.get(name, 0)) if len(techniques) > 1 else techniques:
        if name not in _FUNCTIONS:
            unknown = ", ".join(sorted(set(techniques) - set(_FUNCTIONS)))
            raise ValueError(f"no technique for a text: {unknown}; there are: {', '.join(_FUNCTIONS)}")
        text, told = _FUNCTIONS[name](text, below(key, named(name)), rules or _NO_RULES)
        if told.changed:
            done.append(told)
    return text, tuple(done)


def links(text: str) -> list[str]:
    """The links in a text, in their order, each once."""
    return list(dict.fromkeys(LINK.findall(text))) if "." in text else []


def paraphrase(text: str, key: int, rules: Rewording) -> tuple[str, Applied]:
    """Other words and clauses for the same (see rewording.py)."""
    text, changed = paraphrased(text, key, rules)
    return text, Applied("paraphrase", changed)


def salad(text: str, key: int, rules: Rewording) -> tuple[str, Applied]:
    """Harmless words after the text, at least three phrases, more for a longer one."""
    count = 3 + uniform(key, _PICK, 3 + min(40, len(text) // 40))
    words = word_salad(key, rules, count)
    between = "\n" if len(text) > 200 else " "
    return f"{text}{between}{words}" if words else text, Applied("word_salad", 1 if words else 0)


def rotation(text: str, key: int, _rules: Rewording) -> tuple[str, Applied]:
    """Each name that is linked to, in the variant of this wave: with a number, a byword, or a name before it."""
    renamed: dict[str, str] = {}

    def other(found: re.Match[str]) -> str:
        scheme, _, rest = found.group().rpartition("//")
        host = re.split(r"[/?#]", rest, maxsplit=1)[0]
        if host not in renamed:
            renamed[host] = _rotated(host, mixed(key + len(renamed)))
        return f"{scheme}{'//' if scheme else ''}{renamed[host]}{rest[len(host):]}"

    text = _with_links(text, other)
    return text, Applied("rotation", len(renamed), (), tuple(renamed.items()))


def shortener(text: str, key: int, _rules: Rewording) -> tuple[str, Applied]:
    """Each link as a short one, which leads over none to two further stops to where the first did."""
    return _shortened(text, key, "shortener", 3)


def leet(text: str, key: int, rules: Rewording) -> tuple[str, Applied]:
    """Digits for letters in some words, at most half of the letters of one, so that none becomes a number."""
    def change(word: str, at: int) -> str:
        places = [place for place, letter in enumerate(word) if letter in _LEET]
        letters = list(word)
        for place in sorted(places, key=lambda place: mixed(at + place))[:max(1, len(word) // 2)]:
            letters[place] = _LEET[letters[place]]
        return "".join(letters)

    return _by_words(text, key, rules, change, "leet", 0.25)


def spacing(text: str, key: int, rules: Rewording) -> tuple[str, Applied]:
    """Spaces, dots, hyphens or low lines between the letters of some words."""
    between = (" ", ".", "-", "_")[uniform(key, _FORM, 4)]

    def change(word: str, _at: int) -> str:
        return between.join(word) if len(word) < 13 and word.isalpha() and not _joined(word) else word

    return _by_words(text, key, rules, change, "spacing", 0.06)


def homoglyphs(text: str, key: int, rules: Rewording) -> tuple[str, Applied]:
    """Letters of other scripts that look the same, in some words: a third of those that have one."""
    def change(word: str, at: int) -> str:
        places = [place for place, letter in enumerate(word) if letter in LOOKS]
        letters = list(word)
        for place in sorted(places, key=lambda place: mixed(at + place))[:-(-len(places) // 3)]:
            looks = LOOKS[letters[place]]
            letters[place] = looks[uniform(at + place, _WHICH, len(looks))]
        return "".join(letters)

    return _by_words(text, key, rules, change, "homoglyphs", 0.3, _WORDS if not rules.spaces else _PIECES)


def zero_width(text: str, key: int, rules: Rewording) -> tuple[str, Applied]:
    """A character without a width inside some words."""
    mark = ZERO_WIDTH[uniform(key, _FORM, len(ZERO_WIDTH))]

    def change(word: str, at: int) -> str:
        place = 1 + uniform(at, _WHICH, max(1, len(word) - 1))
        return f"{word[:place]}{mark}{word[place:]}" if len(word) > 1 else word

    return _by_words(text, key, rules, change, "zero_width", 0.4)


def html_hiding(html: str, key: int, rules: Rewording) -> tuple[str, Applied]:
    """For the HTML body of a mail: words that a reader never sees between its paragraphs, and comments or spans without
    a size inside words that a filter may look for. What is shown stays as it was."""
    hidden = (
        '<div style="display:none">{}</div>', '<span style="font-size:0;line-height:0">{}</span>',
        '<p style="color:#ffffff;background-color:#ffffff;font-size:1px">{}</p>',
        '<div style="position:absolute;left:-9999px;top:-9999px">{}</div>',
        '<div style="max-height:0;overflow:hidden">{}</div>')
    inside = ("<!-- {} -->", '<span style="display:none">{}</span>', '<font style="font-size:0">{}</font>')
    changed = 0

    def shown(piece: str, number: int) -> str:
        nonlocal changed

        def change(word: str, at: int) -> str:
            middle = len(word) // 2
            return f"{word[:middle]}{inside[uniform(at, _FORM, len(inside))].format(_code(at, 4))}{word[middle:]}"

        text, told = _by_words(piece, mixed(key + number), rules, change, "html_hiding", 0.04, least=0)
        changed += told.changed
        return text

    def paragraph(found: re.Match[str]) -> str:
        nonlocal changed
        at = mixed(key ^ found.start())
        words = word_salad(at, rules, 5 + uniform(at, _PICK, 20)) or _code(at, 12)
        if share(at, _WHICH) > 0.4:
            return found.group()
        changed += 1
        return found.group() + hidden[uniform(at, _FORM, len(hidden))].format(words)

    # Only text between tags, and not what stands in a style, a script or a link's own text.
    pieces = re.split(r"(<(?:style|script|title|a)\b.*?</(?:style|script|title|a)>|<[^>]*>|&\w+;|&#\w+;)", html,
                      flags=re.DOTALL | re.IGNORECASE)
    html = "".join(piece if number % 2 else shown(piece, number) for number, piece in enumerate(pieces))
    html = re.sub(r"</(?:p|div|tr|table|h[1-6])>", paragraph, html, flags=re.IGNORECASE)
    return html, Applied("html_hiding", changed)


def short_link(text: str, key: int, _rules: Rewording) -> tuple[str, Applied]:
    """A harmless short link: as a shop or a friend shares it, without further stops."""
    return _shortened(text, key, "short_link", 1)


def accents(text: str, _key: int, _rules: Rewording) -> tuple[str, Applied]:
    """Words and names in the spelling that a careful writer gives them: café, José."""
    if ACCENTED.isdisjoint(_WORD.findall(text)):
        return text, Applied("accents", 0)
    text, count = _ACCENTED.subn(lambda found: _ACCENTS[found.group()], text)
    return text, Applied("accents", count)


def emoji(text: str, key: int, _rules: Rewording) -> tuple[str, Applied]:
    """One or two emoji at the end."""
    count = 1 + uniform(key, _PICK, 2)
    found = "".join(_EMOJI[uniform(mixed(key + number), _FORM, len(_EMOJI))] for number in range(count))
    return f"{text} {found}", Applied("emoji", count)


def mixed_scripts(text: str, key: int, _rules: Rewording) -> tuple[str, Applied]:
    """A name in another script under the text, as people sign who live in two."""
    return f"{text} – {_NAMES[uniform(key, _FORM, len(_NAMES))]}", Applied("mixed_scripts", 1)


_FUNCTIONS: Mapping[str, Callable[[str, int, Rewording], tuple[str, Applied]]] = {
    "paraphrase": paraphrase, "word_salad": salad, "accents": accents, "rotation": rotation, "shortener": shortener,
    "short_link": short_link, "leet": leet, "spacing": spacing, "homoglyphs": homoglyphs, "zero_width": zero_width,
    "mixed_scripts": mixed_scripts, "emoji": emoji}
_PLACES = {name: place for place, name in enumerate(_FUNCTIONS)}
_NO_RULES = Rewording()


@dataclass(slots=True)
class Evaded:
    """The texts of one document with techniques applied: stands in the place of a `Making.give`.

    give: the document's. rules: of the language. done: what was applied so far.
    """

    give: Callable[[str], str]
    key: int
    techniques: frozenset[str]
    rules: Rewording
    done: list[Applied] = field(default_factory=list)
    _made: dict[str, str] = field(default_factory=dict)

    def __call__(self, rule: str) -> str:
        """The text of a rule, with techniques where it is read as running text."""
        if not self.techniques or rule not in READ_ON:
            return self.give(rule)
        if rule not in self._made:
            techniques = self.techniques - (_BY_MAIL | _LONG if rule == "subject" else _BY_MAIL)
            text, done = apply(self.give(rule), self.key ^ named(rule), techniques, self.rules)
            self._made[rule] = text
            self.done += done
        return self._made[rule]

    def truth(self) -> dict[str, Any]:
        """Fields of the record's truth: the techniques and the look-alikes by name, and (host before, host after)."""
        names = list(dict.fromkeys(one.technique for one in self.done))
        return {"techniques": [name for name in names if name in TECHNIQUES],
                "lookalikes": [name for name in names if name in LOOKALIKES],
                "renamed": [list(pair) for one in self.done for pair in one.renamed]}

    def ways(self, text: str) -> list[list[str]]:
        """Each link in a text: as it is shown, each stop on its way, where it ends."""
        return [self.followed([link]) for link in links(text)]

    def followed(self, way: Sequence[str]) -> list[str]:
        """A way that goes on to where its last stop leads by what was done to links."""
        chains = {chain[0]: chain for one in self.done for chain in one.chains}
        return [*way, *chains.get(way[-1], (way[-1],))[1:]]


READ_ON = frozenset(("text", "transcript", "body", "subject"))
"""The rules whose texts are read as running text: to these alone techniques are applied."""
_BY_MAIL = frozenset(TECHNIQUES[-2:])
_LONG = frozenset(("word_salad", "shortener", "short_link", "emoji", "mixed_scripts"))


class Knobs:
    """How often each technique is used, as a recipe says.

    techniques: name -> share of the spam. lookalikes: name -> share of all records.
    """

    def __init__(self, techniques: Mapping[str, float], lookalikes: Mapping[str, float]) -> None:
        self._techniques, self._lookalikes = (
            [(name, named(f"evasion {name}"), limit(often)) for name, often in one.items() if often]
            for one in (techniques, lookalikes))

    @property
    def all(self) -> list[tuple[str, int, int]]:
        """All that a record may have: name, number of the draw, what it must fall below (see `draws.limit`)."""
        return [*self._lookalikes, *self._techniques]

    def may(self, name: str, label: str, sender: str) -> bool:
        """Whether a record of this label and kind of sender may have a technique or look-alike at all."""
        if sender.partition(":")[2] in _WORDLESS:
            return False
        if name in LOOKALIKES:
            return name != "mixed_scripts" or sender in _PERSONS
        return label == "spam"

    def drawn(self, key: int, label: str, sender: str) -> frozenset[str]:
        """The techniques and look-alikes of the record with this key. sender: the kind; only people sign in two
        scripts."""
        # `happens`, written out: it is asked a dozen times for each record.
        if sender.partition(":")[2] in _WORDLESS:
            return frozenset()
        found = [name for name, at, often in self._lookalikes if (key ^ at) * ODD & MASK < often
                 and (name != "mixed_scripts" or sender in _PERSONS)]
        if label == "spam":
            found += [name for name, at, often in self._techniques if (key ^ at) * ODD & MASK < often]
        return frozenset(found)


def _by_words(text: str, key: int, rules: Rewording, change: Callable[[str, int], str], technique: str, often: float,
              pieces: re.Pattern[str] = _PIECES, least: int = 1) -> tuple[str, Applied]:
    """Changes words: those that a filter may look for, some of the others, and one at least where there is one."""
    words: list[re.Match[str]] = []
    if not rules.spaces and rules.targets and pieces is not _WORDS:
        # Words that stand without spaces between them are known by the list alone.
        any_of = "|".join(sorted(rules.targets, key=len, reverse=True))
        words = [found for found in re.finditer(rf"{_KEPT_AMONG}|(?P<word>{any_of})", text)
                 if found.lastgroup == "word"]
    if not words:
        words = [found for found in (pieces if rules.spaces else _WORDS).finditer(text)
                 if found.lastgroup == "word"]
    if not words:
        return text, Applied(technique, 0)
    below_this, targets = limit(often), rules.targets
    chosen = [found for found in words if found.group().lower() in targets
              or (mixed(key ^ found.start()) ^ _PICK) * ODD & MASK < below_this]
    made, end, changed = [], 0, 0
    any_one = len(chosen) < least
    if any_one:
        chosen = words
    for found in chosen:
        new = change(found.group(), mixed(key ^ (found.start() + 1)))
        if new == found.group():
            continue
        made += [text[end:found.start()], new]
        end = found.end()
        changed += 1
        if any_one:
            break
    return "".join((*made, text[end:])), Applied(technique, changed)


def _with_links(text: str, change: Callable[[re.Match[str]], str]) -> str:
    """The text with each link changed. A link has no space in it, so only what stands between two spaces and holds the
    end of a reserved name is looked at closely."""
    lower = text.lower()
    if len(lower) != len(text):  # of some letters the small form is longer
        return LINK.sub(change, text)
    bounds: dict[int, int] = {}
    for end in _ENDS:
        place = lower.find(end)
        while place >= 0:
            stop = lower.find(" ", place) % (len(text) + 1)
            bounds[lower.rfind(" ", 0, place) + 1] = stop
            place = lower.find(end, stop)
    made, done = [], 0
    for begin in sorted(bounds):
        made += [text[done:begin], LINK.sub(change, text[begin:bounds[begin]])]
        done = bounds[begin]
    return "".join([*made, text[done:]])


def _shortened(text: str, key: int, technique: str, ways: int) -> tuple[str, Applied]:
    host = SHORTENERS[uniform(key, _FORM, len(SHORTENERS))]
    chains: dict[str, tuple[str, ...]] = {}

    def short(found: re.Match[str]) -> str:
        link = found.group()
        if "/" not in link and not link.lower().startswith("www."):
            return link  # a host's name, as in the report of a failure, leads nowhere
        if link not in chains:
            at = mixed(key + len(chains))
            stops = uniform(at, _PICK, ways)
            scheme = "https://" if uniform(key, _WHICH, 4) else ""
            hops = [f"https://{_HOPS[uniform(mixed(at + 1 + hop), _FORM, len(_HOPS))]}/{_code(mixed(at + 9 + hop), 8)}"
                    for hop in range(stops)]
            chains[link] = (f"{scheme}{host}/{_code(at, 6)}", *hops, link)
        return chains[link][0]

    text = _with_links(text, short)
    return text, Applied(technique, len(chains), tuple(chains.values()))


def _rotated(host: str, key: int) -> str:
    labels = host.split(".")
    own = 1 if labels[0].lower() == "www" and len(labels) > 2 else 0
    name = labels[own]
    form = uniform(key, _FORM, 4)
    byword = _BYWORDS[uniform(key, _SUBDOMAIN, len(_BYWORDS))]
    # The reserved names of the second level (example.com) stay as they are and get a name before them.
    if host.lower().endswith(("example.com", "example.net", "example.org")) and len(labels) - own == 2:
        form = 3
    new = (f"{name}{uniform(key, _WHICH, 98) + 2}", f"{byword}-{name}", f"{name}-{_code(key, 3).lower()}", name)[form]
    labels[own] = new
    if form == 3:
        labels.insert(own, f"{byword}{uniform(key, _WHICH, 90) + 10}")
    return ".".join(labels)


def _code(key: int, count: int) -> str:
    found = []
    for _ in range(count):
        key = mixed(key + 1)
        found.append(_CODE[key * len(_CODE) >> 64])
    return "".join(found)


def _joined(word: str) -> bool:
    """Whether its letters are joined in writing (Arabic), so that nothing may stand between them."""
    return any("\u0600" <= letter <= "\u06ff" for letter in word)
