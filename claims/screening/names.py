"""How near a name is to a listed one: 0 to 100, whatever the order, accents or titles.

The score is the best of three views, because names come mangled in three ways:

- *words*: each word of one name is paired with its nearest word of the other (Jaro–Winkler, at
  least 0.86 to count, 0.9 for words below five letters). A name that drops or adds words, as
  middle names, stays near: four fifths of the score are the matched share of the name with fewer
  letters, one fifth that of the other. Two words at least must match, unless one of the names has
  only one;
- *sorted*: the words in alphabetical order, compared letter by letter (edit distance), for many
  small slips;
- *run together*: the words without spaces, for words that are joined or split ("Abdul Rahman",
  "Abdulrahman").

The last two count from 70 on: below it, names share their letters by chance.

Pure, and ours: a hundred candidates take a few hundredths of a second, so a compiled library would
not earn its place. The figures in here are our defaults [D]; the threshold is data.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import product

FULL_SCORE = 100
# Words less alike than this are different words: "Maria" and "Mario" are alike, "Mark" and "Mary"
# are not.
_SAME_WORD, _SAME_SHORT_WORD, _SHORT_WORD = 0.86, 0.9, 4
_SHORTER_SHARE = 0.8
# Whole names less alike than this share their letters by chance.
_LEAST_ALIKE = 0.7
_PREFIX_WEIGHT, _LONGEST_PREFIX = 0.1, 4

_TITLES = """
mr mrs ms miss mx dr prof professor sir dame lady lord rev reverend hon sheikh shaykh haji hajji
mullah jr sr ii iii iv esq phd md herr frau mme mlle monsieur madame senor senora don dona
"""
_FORMS = """
ltd limited llc llp lp inc incorporated corp corporation co company plc gmbh ag kg ug sa sas sarl
srl spa bv nv ab as oy aps doo ooo oao zao pjsc jsc kk sl sp zoo
"""
_HONORIFICS, _LEGAL_FORMS = frozenset(_TITLES.split()), frozenset(_FORMS.split())
# Letters that Unicode does not take apart into a Latin letter and a mark.
_PLAIN = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
        "ə": "a",
    }
)
_JOINERS = frozenset("'’‘ʼʻ`´")


@lru_cache(maxsize=1 << 15)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name as they are compared, in the name's own order.

    Case, accents and punctuation are folded away; "LAST, First" becomes "first last"; titles and
    legal forms are dropped, unless nothing else is there. Letters of other scripts stay.
    """
    last, comma, first = name.partition(",")
    # "ACME CO., LTD." has a comma too: what follows is no first name.
    in_order = f"{first} {last}" if comma and not _is_legal_form(first) else name
    words = _plain(in_order).split()
    names = [word for word in words if word not in _HONORIFICS and word not in _LEGAL_FORMS]
    return tuple(names or words)


def name_key(name: str) -> str:
    """The words of a name in alphabetical order: what is stored and searched."""
    return " ".join(sorted(words_of(name)))


def is_comparable(name: str) -> bool:
    """Whether the list, which is in Latin letters, can be compared with this name at all."""
    letters = [letter for letter in "".join(words_of(name)) if letter.isalpha()]
    return bool(letters) and all(letter.isascii() for letter in letters)


def score_names(one: str, other: str) -> int:
    """How near two names are, from 0 to 100; 100: the same words."""
    # Words and letters are paired greedily: always taken in the same order, the answer is
    # symmetric.
    first, second = sorted((words_of(one), words_of(other)))
    if not first or not second:
        return 0
    best = _score_words(sorted(first), sorted(second))
    for left, right in (
        (" ".join(sorted(first)), " ".join(sorted(second))),
        ("".join(first), "".join(second)),
    ):
        # The letters in common say how alike they can be at most: most candidates need no more.
        if _most_alike(left, right) >= max(best, _LEAST_ALIKE):
            best = max(best, edit_similarity(left, right))
    # Rounded down: a name is a hit only when it really reaches the threshold.
    return int(best * FULL_SCORE + 1e-9)


@lru_cache(maxsize=1 << 16)
def jaro_winkler(one: str, other: str) -> float:
    """How alike two words are, from 0.0 to 1.0; a common beginning counts more."""
    if one == other:
        return 1.0
    jaro = _jaro(one, other)
    pairs = zip(one[:_LONGEST_PREFIX], other[:_LONGEST_PREFIX], strict=False)
    prefix = 0
    for left, right in pairs:
        if left != right:
            break
        prefix += 1
    return jaro + prefix * _PREFIX_WEIGHT * (1 - jaro)


def edit_similarity(one: str, other: str) -> float:
    """One less the share of letters to insert, delete, replace or swap (0.0 to 1.0)."""
    longest = max(len(one), len(other))
    return 1.0 if one == other else 1 - _edit_distance(one, other) / longest


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in parts if not unicodedata.combining(c) and c not in _JOINERS)
    folded = bare.translate(_PLAIN)
    return "".join(letter if letter.isalnum() else " " for letter in folded)


def _is_legal_form(text: str) -> bool:
    words = _plain(text).split()
    return all(word in _LEGAL_FORMS for word in words)


def _score_words(one: Sequence[str], other: Sequence[str]) -> float:
    pairs = _pair_words(one, other)
    if len(pairs) < min(2, max(len(one), len(other))):
        return 0.0
    shares = [
        (sum(map(len, one)), sum(alike * len(word) for alike, word, _ in pairs)),
        (sum(map(len, other)), sum(alike * len(word) for alike, _, word in pairs)),
    ]
    (shorter, matched), (longer, matched_of_longer) = sorted(shares)
    return _SHORTER_SHARE * matched / shorter + (1 - _SHORTER_SHARE) * matched_of_longer / longer


def _pair_words(one: Sequence[str], other: Sequence[str]) -> list[tuple[float, str, str]]:
    likeness = [
        (alike, i, j)
        for (i, a), (j, b) in product(enumerate(one), enumerate(other))
        if (alike := _word_likeness(a, b)) >= _needed_likeness(a, b)
    ]
    pairs: list[tuple[float, str, str]] = []
    left, right = set(range(len(one))), set(range(len(other)))
    for alike, i, j in sorted(likeness, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if i in left and j in right:
            left.remove(i)
            right.remove(j)
            pairs.append((alike, one[i], other[j]))
    return pairs


def _word_likeness(one: str, other: str) -> float:
    # A single letter is no likeness to a word, and as an initial it proves nothing.
    if min(len(one), len(other)) == 1:
        return float(one == other)
    return jaro_winkler(one, other)


def _needed_likeness(one: str, other: str) -> float:
    return _SAME_SHORT_WORD if min(len(one), len(other)) <= _SHORT_WORD else _SAME_WORD


def _jaro(one: str, other: str) -> float:
    window = max(0, max(len(one), len(other)) // 2 - 1)
    taken = [False] * len(other)
    left: list[str] = []
    for i, letter in enumerate(one):
        reach = range(max(0, i - window), min(len(other), i + window + 1))
        j = next((j for j in reach if not taken[j] and other[j] == letter), None)
        if j is not None:
            taken[j] = True
            left.append(letter)
    if not left:
        return 0.0
    right = [letter for letter, used in zip(other, taken, strict=True) if used]
    swapped = sum(a != b for a, b in zip(left, right, strict=True)) / 2
    same = len(left)
    return (same / len(one) + same / len(other) + (same - swapped) / same) / 3


def _most_alike(one: str, other: str) -> float:
    common = (Counter(one) & Counter(other)).total()
    return common / max(len(one), len(other))


def _edit_distance(one: str, other: str) -> int:
    """Insertions, deletions, replacements and swaps of neighbours from one text to the other.

    The usual table of distances, a column at a time: as each number differs from the one above
    by at most one, a column is kept as two sets of bits (H. Hyyrö, A bit-vector algorithm for
    computing Levenshtein and Damerau edit distances, 2003), many times faster in Python.
    """
    if not one:
        return len(other)
    places: dict[str, int] = {}
    for i, letter in enumerate(one):
        places[letter] = places.get(letter, 0) | 1 << i
    full, last = (1 << len(one)) - 1, 1 << len(one) - 1
    distance, rises, falls, diagonal, before = len(one), full, 0, 0, 0
    for letter in other:
        here = places.get(letter, 0)
        swapped = (~diagonal & here) << 1 & before
        diagonal = ((here & rises) + rises ^ rises) | here | falls | swapped
        grows, shrinks = falls | ~(diagonal | rises), diagonal & rises
        distance += bool(grows & last) - bool(shrinks & last)
        grows, shrinks = grows << 1 | 1, shrinks << 1
        rises, falls = (shrinks | ~(diagonal | grows)) & full, diagonal & grows & full
        before = here
    return distance
