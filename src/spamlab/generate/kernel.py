"""Composes texts from flat tables (see flat.py), many in one call; compiled by numba when it is first used.

The arithmetic is that of draws.py on 64 bits, the meaning that of composer.py and texture.py. What is rare or needs
Unicode's tables is left to these: a text then comes back with a mark (`TIDY` and so on). numba keeps what it compiled
until this file changes, so all that is compiled stands in this file, and names of draws are given by the caller.
"""
# Numbers and arrays of numba, told in the docstrings.
# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False

import numpy as np
from numba import njit

from spamlab.generate.draws import ODD

(LITERAL, JOINED, DRAWN, RANGE, PATTERN, CHANCE, CAPITAL, CAPITALS, QUOTED, FACT, ONCE, CELL, SEVERAL) = range(13)
"""What a node does (see flat.py)."""
TIDY, WIDE, LEFT, CARELESS, GSM, WORDS = 1, 2, 4, 8, 16, 32
"""Marks of a text: `composer.tidy` must still look at it; it has letters beyond ASCII; it must be composed plainly; its
writer's way of writing is still to come; it takes one septet of GSM for each letter (see gsm.py); it has one of the
words that were asked for."""
SIGNATURE = 4
"""As `texture.SIGNATURE`."""
DEPTH = 4096
"""Nodes that may wait at once; a text that needs more is left."""
IS_FACT, IS_ROW, IS_SLIP, IS_KIND, IS_PLACE, IS_SHORT, IS_LIKELY = range(7)
"""Places of the names of draws (and of one limit) among those that the caller gives."""
_ODD, _LOW = np.uint64(ODD), np.uint64(0xFFFFFFFF)
_END_CAPITAL, _END_CAPITALS, _END_QUOTED = 101, 102, 103
"""What waits on the stack beside nodes: the end of a node whose text is changed when it is there."""


@njit(cache=True, inline="always")
def mixed(number):
    """As `draws.mixed`."""
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))


@njit(cache=True, inline="always")
def below(key, name):
    """As `draws.below`."""
    key = (key ^ name) * _ODD
    return key ^ (key >> np.uint64(32))


@njit(cache=True, inline="always")
def part(key, count):
    """The upper 64 bits of key * count; count is below 2**32."""
    many = np.uint64(count)
    return np.int64(((key >> np.uint64(32)) * many + (((key & _LOW) * many) >> np.uint64(32))) >> np.uint64(32))


@njit(cache=True)
def compose(nodes, children, letters, given, node, key, facts, out, at, stack, keys, marks, left):
    """Writes the text of a node from place `at` of `out` on; gives the place after it, -1 where it is left to the
    composer, -2 where there is no room.

    given: names of draws, see `IS_FACT`. key: the document's. facts: nodes by number. stack, keys, marks: room for what
    waits. left: room for alternatives.
    """
    document = key
    top = 0
    stack[0], keys[0] = node, key
    while top >= 0:
        place, key = stack[top], keys[top]
        if place < 0:  # the end of a node that changes its text
            what, begin = -place, marks[top]
            top -= 1
            if what == _END_CAPITAL:
                if at > begin:
                    letter = out[begin]
                    if 97 <= letter <= 122:
                        out[begin] = letter - 32
                    elif letter >= 128 and not capital_beyond(out, begin):
                        return -1
            elif what == _END_CAPITALS:
                for number in range(begin, at):
                    letter = out[number]
                    if 97 <= letter <= 122:
                        out[number] = letter - 32
                    elif letter >= 128:
                        return -1
            elif what == _END_QUOTED:
                at = quote(out, begin, at)
                if at < 0:
                    return at
            continue
        one = nodes[place]
        op = one.op
        if op == LITERAL:
            top -= 1
            if at + one.count > len(out):
                return -2
            for number in range(one.first, one.first + one.count):
                out[at] = letters[number]
                at += 1
            continue
        if top + 8 >= len(stack):
            return -1
        if op == DRAWN:
            key = (key ^ one.number) * _ODD
            stack[top] = children[one.first + part(key, one.count)]
            keys[top] = key ^ (key >> np.uint64(32))
        elif op == JOINED:
            if top + one.count + 8 >= len(stack):
                return -1
            for number in range(one.count):
                stack[top + number] = children[one.first + one.count - 1 - number]
                keys[top + number] = key
            top += one.count - 1
        elif op == CHANCE:
            if (key ^ one.number) * _ODD < one.more:
                if one.third >= 0:
                    stack[top] = one.third
                    top += 1
                stack[top] = one.first
                keys[top] = key
            else:
                top -= 1
        elif op == FACT:
            stack[top] = facts[one.first]
        elif op == RANGE:
            top -= 1
            number = one.first + part((key ^ one.number) * _ODD, one.count)
            if at + 20 > len(out):
                return -2
            digits = 1
            limit = 10
            while number >= limit:
                digits += 1
                limit *= 10
            for turn in range(at + digits - 1, at - 1, -1):
                out[turn] = 48 + number % 10
                number //= 10
            at += digits
        elif op == PATTERN:
            top -= 1
            key = key ^ one.number
            if at + one.count * 4 > len(out):
                return -2
            for number in range(one.first, one.first + one.count):
                key = mixed(key + np.uint64(1))
                of = nodes[children[number]]
                if letters[of.first] < 128:
                    out[at] = letters[of.first + part(key, of.count)]
                    at += 1
                else:
                    for turn in range(of.first, of.first + of.count):
                        out[at] = letters[turn]
                        at += 1
        elif op in (CAPITAL, CAPITALS, QUOTED):
            stack[top] = -(_END_CAPITAL if op == CAPITAL else _END_CAPITALS if op == CAPITALS else _END_QUOTED)
            marks[top] = at
            top += 1
            stack[top] = one.first
            keys[top] = key
        elif op == ONCE:
            if one.third > 1:
                return -1
            stack[top] = one.first
            keys[top] = document ^ given[IS_FACT]
        elif op == CELL:
            key = below(document ^ given[IS_ROW], one.number)
            row = part(key, one.count)
            if one.third > 1 and one.count > 1:
                row = (row + 1 + part(mixed(key + np.uint64(one.third)), one.count - 1)) % one.count
            stack[top] = children[one.first + row]
            keys[top] = below(document, one.more)
        elif op == SEVERAL:
            key = below(key ^ one.more, one.number)
            wanted = one.third + part(key, one.fourth)
            count = one.count
            if count > len(left) or top + 2 * wanted + 8 >= len(stack):
                return -1
            for number in range(count):
                left[number] = children[one.first + number]
            # They are put on the stack in their order and turned round afterwards, for the last is composed first.
            first = top
            for number in range(wanted):
                key = below(key, one.number)
                chosen = left[part(key, count)]
                if number:
                    stack[top] = one.fifth
                    keys[top] = key
                    top += 1
                stack[top] = chosen
                keys[top] = key
                top += 1
                kept = 0
                for turn in range(count):
                    if left[turn] != chosen:
                        left[kept] = left[turn]
                        kept += 1
                count = kept
                if not count:
                    break
            top -= 1
            low, high = first, top
            while low < high:
                stack[low], stack[high] = stack[high], stack[low]
                keys[low], keys[high] = keys[high], keys[low]
                low += 1
                high -= 1
    return at


@njit(cache=True)
def capital_beyond(out, place):
    """Makes the letter beyond ASCII at `place` a capital; False where that takes more than is known here."""
    first, second = out[place], out[place + 1]
    if first == 0xC3 and (0xA0 <= second <= 0xBE) and second != 0xB7:  # U+00E0 to U+00FE, but U+00F7
        out[place + 1] = second - 0x20
        return True
    if first == 0xC3 and second < 0x9F:
        return True
    if first == 0xC2 and second != 0xB5:  # signs, but U+00B5
        return True
    if first == 0xD0 and 0xB0 <= second <= 0xBF:  # U+0430 to U+043F
        out[place + 1] = second - 0x20
        return True
    if first == 0xD1 and 0x80 <= second <= 0x8F:  # U+0440 to U+044F
        out[place] = 0xD0
        out[place + 1] = second + 0x20
        return True
    if first == 0xD0 and 0x90 <= second <= 0xAF:
        return True
    # Arabic, signs of U+2000 to U+206F, and Chinese have no capitals.
    return (0xD8 <= first <= 0xDB) or (first == 0xE2 and second <= 0x81) or (0xE3 <= first <= 0xE9)


@njit(cache=True)
def quote(out, begin, end):
    """A quotation of what stands from begin to end: as `composer._quotation`; the place after it, or as `compose`."""
    begin_text, end_text, loose = tidy(out, begin, end)
    if loose:
        return -1
    lines = 1
    for place in range(begin_text, end_text):
        if out[place] == 10:
            lines += 1
    if end_text + (end_text - begin_text) + 2 * lines > len(out):
        return -2
    # The quotation is made behind the text, then moved to its place.
    to = end_text
    place = begin_text
    while True:
        if place < end_text and out[place] == 62:
            out[to] = 62
            to += 1
        else:
            out[to] = 62
            out[to + 1] = 32
            to += 2
        quoted = out[to - 1] == 32
        while place < end_text and out[place] != 10:
            out[to] = out[place]
            to += 1
            place += 1
        if out[to - 1] >= 128 and quoted:
            return -1
        if quoted:
            while space(out[to - 1]):
                to -= 1
        if place >= end_text:
            break
        out[to] = 10
        to += 1
        place += 1
    for place in range(to - end_text):
        out[begin + place] = out[end_text + place]
    return begin + to - end_text


@njit(cache=True, inline="always")
def space(letter):
    """Whether a letter of ASCII is one that `str.strip` takes away."""
    return letter == 32 or 9 <= letter <= 13 or 28 <= letter <= 31


@njit(cache=True)
def tidy(out, begin, end):
    """(begin, end, whether something is left to be tidied inside): what `composer._tidy` looks at first."""
    while begin < end and space(out[begin]):
        begin += 1
    while end > begin and space(out[end - 1]):
        end -= 1
    if begin == end:
        return begin, end, False
    for place in range(begin, end - 1):
        if out[place] == 32:
            after = out[place + 1]
            if after == 32 or after == 10 or after == 46 or after == 44 or (
                    after == 0xD8 and place + 2 < end and out[place + 2] == 0x8C):  # the Arabic comma
                return begin, end, True
    last = end - 1
    while last > begin and 128 <= out[last] < 192:
        last -= 1
    return begin, end, may_be_space(out[begin]) or may_be_space(out[last])


@njit(cache=True, inline="always")
def may_be_space(first):
    """Whether a character that begins with this octet may be a space beyond ASCII, which `str.strip` takes away too."""
    return first == 0xC2 or 0xE1 <= first <= 0xE3


@njit(cache=True, inline="always")
def is_letter(letter):
    """Whether it is one of A to Z and a to z."""
    return 97 <= letter <= 122 or 65 <= letter <= 90


@njit(cache=True, inline="always")
def in_word(letter):
    r"""Whether a pattern's \w finds it."""
    return is_letter(letter) or 48 <= letter <= 57 or letter == 95


@njit(cache=True)
def kept(out, begin, end):
    """Whether there is something that careless writers leave as it is: as `texture._KEPT`."""
    for place in range(begin, end):
        letter = out[place]
        if letter == 64 or letter == 47 or letter == 95 or 48 <= letter <= 57:
            return True
        if letter == 46 and begin < place < end - 1 and in_word(out[place - 1]) and in_word(out[place + 1]):
            return True
    return False


@njit(cache=True)
def right_words(key, steps, given):
    """How many words are right before the next slip: as in `texture._slip_in`."""
    return np.searchsorted(steps, ((key ^ given[IS_SLIP]) * _ODD) >> np.uint64(11), "right")


@njit(cache=True)
def slip(out, begin, end, key, given):
    """A slip in a word, in its place; where the word ends then: as `texture._slipped`."""
    place = begin + 1 + part((key ^ given[IS_PLACE]) * _ODD, end - begin - 2)
    kind = (((key ^ given[IS_KIND]) * _ODD) >> np.uint64(11)) * 2.0**-53
    if kind < 0.45:
        out[place], out[place + 1] = out[place + 1], out[place]
        return end
    if kind < 0.8:
        for turn in range(place, end - 1):
            out[turn] = out[turn + 1]
        return end - 1
    for turn in range(end, place, -1):
        out[turn] = out[turn - 1]
    return end + 1


@njit(cache=True)
def looked_up(nodes, letters, words, out, begin, end, small):
    """What stands beside the word from begin to end in a table of `flat.word_table`, -1 where it is not in there.
    small: whether the word is looked up in small letters."""
    code = np.uint64(0xCBF29CE484222325)
    for place in range(begin, end):
        letter = out[place]
        code = (code ^ np.uint64(letter + 32 if small and 65 <= letter <= 90 else letter)) * np.uint64(0x100000001B3)
    row = np.int64(code & np.uint64(len(words) - 1))
    while words[row, 0] >= 0:
        word = nodes[words[row, 0]]
        same = word.count == end - begin
        for place in range(begin, end if same else begin):
            letter = out[place]
            if letters[word.first + place - begin] != (letter + 32 if small and 65 <= letter <= 90 else letter):
                same = False
                break
        if same:
            return words[row, 1]
        row = (row + 1) & (len(words) - 1)
    return -1


@njit(cache=True)
def has_word(nodes, letters, words, out, begin, end):
    """Whether one of the words, of three letters of ASCII or more, stands in a text between other characters."""
    place = begin
    while place < end:
        first = place
        while place < end and is_letter(out[place]):
            place += 1
        if place - first > 2 and looked_up(nodes, letters, words, out, first, place, False) >= 0:
            return True
        place += 1
    return False


@njit(cache=True)
def signs_alone(out, begin, end):
    """Whether all that a text has beyond ASCII are signs, none of them a letter, a digit, or a space."""
    place = begin
    while place < end:
        first = out[place]
        if first < 128:
            place += 1
            continue
        second = out[place + 1]
        if first == 0xC2 and (0xA1 <= second <= 0xA9 or second == 0xAB or 0xAE <= second <= 0xB1 or second == 0xBF):
            place += 2
        elif (first == 0xE2 and second == 0x80 and 0x90 <= out[place + 2] <= 0xA6) or (
                first == 0xE2 and second == 0x82 and 0xA0 <= out[place + 2] <= 0xBF):
            place += 3  # dashes, quotation marks, signs of money
        elif first == 0xF0 and second == 0x9F and 0x8C <= out[place + 2] < 0xAC:
            place += 4  # emoji, from U+1F300 to U+1FAFF
        else:
            return False
    return True


@njit(cache=True)
def signature(out, place, end):
    """Whether the line from place to end, one of several, is a greeting or a signature: as `texture._line`."""
    words = 1
    for turn in range(place, end):
        words += out[turn] == 32
    last = out[end - 1] if end > place else 0
    return words <= SIGNATURE and last != 46 and last != 33 and last != 63


@njit(cache=True)
def careless_line(nodes, letters, given, forms, steps, has, among_others, out, place, end, to, key):
    """Writes the line from place to end as a careless writer does from `to` on; the place after it, -1 where it is
    left: as `texture._line`. has: which of `texture.HABITS`. among_others: it is not the only line of its text."""
    begin = to
    kept_line = kept(out, place, end)
    token, slip_key, slip_at = 0, key, np.int64(1 << 40)
    if has[6] and not (among_others and signature(out, place, end)):
        slip_key = mixed(slip_key ^ given[IS_SLIP])
        slip_at = right_words(slip_key, steps, given)
    while True:
        first, plain = to, True
        while place < end and out[place] != 32:
            out[to] = out[place]
            plain = plain and is_letter(out[place])
            to += 1
            place += 1
        if token == slip_at:
            if plain and to - first > 3 and not (out[first] <= 90 and out[first + 1] >= 97):
                to = slip(out, first, to, slip_key, given)
            slip_key = mixed(slip_key ^ given[IS_SLIP])
            slip_at = token + 1 + right_words(slip_key, steps, given)
        if has[5] and to > first:
            mark = out[to - 1]
            marked = mark == 44 or mark == 46 or mark == 33 or mark == 63 or mark == 59 or mark == 58
            short = looked_up(nodes, letters, forms, out, first, to - 1 if marked else to, True)
            if short >= 0 and (mixed(key + np.uint64(token)) ^ given[IS_SHORT]) * _ODD < given[IS_LIKELY]:
                to = first
                for turn in range(nodes[short].first, nodes[short].first + nodes[short].count):
                    if letters[turn] >= 128:
                        return -1
                    out[to] = letters[turn]
                    to += 1
                if marked:
                    out[to] = mark
                    to += 1
        if not kept_line or not kept(out, first, to):
            last = to
            to = first
            before, skip = False, 0  # whether a letter stands before; how many octets are left out
            for turn in range(first, last):
                letter = out[turn]
                if skip:
                    skip -= 1
                    continue
                if has[2] and before:
                    wide = letter == 0xE2 and out[turn + 1] == 0x80 and out[turn + 2] == 0x99
                    long = 3 if wide else 1
                    if (wide or letter == 39) and turn + long < last and is_letter(out[turn + long]):
                        before, skip = False, long - 1
                        continue
                before = is_letter(letter)
                out[to] = letter + 32 if has[0] and 65 <= letter <= 90 else letter
                to += 1
        if place >= end:
            break
        out[to] = 32
        to += 1
        place += 1
        token += 1
    if has[3]:
        last = to
        while last > begin and space(out[last - 1]):
            last -= 1
        if last > begin + 1 and out[last - 1] == 46 and in_word(out[last - 2]):
            for turn in range(last, to):
                out[turn - 1] = out[turn]
            to -= 1
    if has[4]:
        last = to
        for turn in range(begin, to):
            out[last] = out[turn]
            last += 1
            if out[turn] == 46 and turn > begin + 3 and turn + 2 < to and out[turn + 1] == 32 and in_word(
                    out[turn + 2]) and is_letter(out[turn - 1]) and is_letter(out[turn - 2]) and is_letter(
                    out[turn - 3]) and is_letter(out[turn - 4]):
                out[last] = out[last + 1] = 46
                last += 2
        for turn in range(last - to):
            out[begin + turn] = out[to + turn]
        to = begin + last - to
    return to


@njit(cache=True)
def careless(nodes, letters, given, forms, steps, names, often, growth, out, begin, end, key):
    """Writes a text of ASCII and signs as a careless writer does, in its place; where it ends then, or as `compose`: as
    `texture.careless`. names, often: of the habits; growth: how many times as long a text may become."""
    has = np.zeros(len(names), np.bool_)
    some = False
    for number in range(len(names)):
        has[number] = often[number] and (key ^ names[number]) * _ODD <= often[number] - np.uint64(1)
        some = some or has[number]
    if not some:
        return end
    if end + 2 * growth * (end - begin + 2) > len(out):
        return -2
    to, place, line = end, begin, np.uint64(0)
    among_others = False
    for turn in range(begin, end):
        among_others = among_others or out[turn] == 10
    while True:
        after = place
        while after < end and out[after] != 10:
            after += 1
        if place < end and out[place] == 62:
            for turn in range(place, after):
                out[to] = out[turn]
                to += 1
        else:
            to = careless_line(nodes, letters, given, forms, steps, has, among_others, out, place, after, to,
                               mixed(key + line))
            if to < 0:
                return to
        if after >= end:
            break
        out[to] = 10
        to += 1
        place = after + 1
        line += np.uint64(1)
    for turn in range(to - end):
        out[begin + turn] = out[end + turn]
    return begin + to - end


@njit(cache=True)
def in_gsm(out, begin, end):
    """Whether a text of ASCII takes one septet for each letter (see gsm.py)."""
    for place in range(begin, end):
        letter = out[place]
        if (letter < 32 and letter != 10 and letter != 13) or 91 <= letter <= 94 or letter == 96 or letter >= 123:
            return False
    return True


@njit(cache=True)
def compose_all(nodes, children, letters, given, forms, steps, names, often, growth, words, texts, keys, facts, writers,
                out, ends, marks):
    """Composes texts one behind the other into `out`; gives how many there was room for.

    given: names of draws, see `IS_FACT`. texts: nodes, -1 for none. keys: of their documents. facts: for each text,
    nodes. writers: for each, the language whose careless writers wrote it, -1 for none. forms, often, growth: by
    language, see `careless`. words: see `has_word`. ends: where each begins and ends in `out`, (n, 2). marks: of each.
    """
    stack, waiting, places = np.empty(DEPTH, np.int64), np.empty(DEPTH, np.uint64), np.empty(DEPTH, np.int64)
    left = np.empty(DEPTH, np.int64)
    at = 0
    for number in range(len(texts)):
        ends[number, 0] = ends[number, 1] = at
        marks[number] = 0
        if texts[number] < 0:
            continue
        end = compose(nodes, children, letters, given, texts[number], keys[number], facts[number], out, at, stack,
                      waiting, places, left)
        if end == -2:
            return number
        if end == -1:
            marks[number] = LEFT
            continue
        begin, end, loose = tidy(out, at, end)
        if loose:
            marks[number] |= TIDY
        for place in range(begin, end):
            if out[place] >= 128:
                marks[number] |= WIDE
                break
        if writers[number] >= 0:
            of = writers[number]
            written = -1
            if not marks[number] or (marks[number] == WIDE and signs_alone(out, begin, end)):
                written = careless(nodes, letters, given, forms[of], steps, names, often[of], growth[of], out, begin,
                                   end, keys[number])
            if written == -2:
                return number
            if written == -1:
                marks[number] |= CARELESS
            else:
                end = written
        ends[number, 0], ends[number, 1] = begin, end
        at = end
        if not marks[number] and in_gsm(out, begin, end):
            marks[number] = GSM
        if len(words) > 2 and has_word(nodes, letters, words, out, begin, end):
            marks[number] |= WORDS
    return len(texts)
