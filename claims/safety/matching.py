"""How well a recall fits a product: UPC, brand and the words of the title. Pure.

The same UPC is the same product: 100. Otherwise six tenths of the score are the share of the
recalled product's words that the product's title has, four tenths are the brand, when every one
of its words is among the recall's. Without the brand, one shared word is no match: "toy" alone is
no toy gun. The shares are our defaults [D]; from which score on a match is shown is data.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

FULL_SCORE = 100
_TITLE_SHARE, _BRAND_SHARE = 60, 40
_LEAST_SHARED_WORDS = 2
_SHORTEST_WORD = 3
_UPC = re.compile(r"[0-9]{12,14}")
_STOP_WORDS = frozenset(
    """
    the and for with due from sold not can set sets kit pack pair piece new size color colors
    recall recalls recalled recalling reannounces expands risk hazard hazards violate violates
    violation serious injury death exclusively online about inc llc ltd company corp brand usa
    america american china store stores amazon com www
    """.split()  # noqa: SIM905 - a list of forty words reads worse
)
_ACT = re.compile(r"\s(?:voluntarily\s)?(?:recalls?|recalled|reannounces|expands)\b", re.IGNORECASE)
_BECAUSE = re.compile(r"\b(?:due to|because|following|after|for|violates?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RecallWords:
    """What a recall is matched by. `upcs` are digits only."""

    upcs: frozenset[str]
    brand: frozenset[str]
    product: frozenset[str]


@dataclass(frozen=True, slots=True)
class ProductWords:
    """What a product is matched by; `upc` is empty where it is not known."""

    upc: str
    brand: frozenset[str]
    title: frozenset[str]


@dataclass(frozen=True, slots=True)
class Match:
    """How well a recall fits, 0 to 100, and what agrees, in words."""

    score: int
    words: tuple[str, ...]


def words_in(text: str) -> frozenset[str]:
    """The words that say something, folded, in the singular; short and common ones left out."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in parts if not unicodedata.combining(c))
    bare = re.sub(r"['’]s\b|['’®™]", "", plain)
    words = re.findall(r"[a-z0-9]+", bare)
    kept = (w for w in words if len(w) >= _SHORTEST_WORD and w not in _STOP_WORDS)
    return frozenset(_singular(word) for word in kept)


def recall_words(
    *, title: str, product_name: str = "", manufacturer: str = "", upcs: Iterable[str] = ()
) -> RecallWords:
    """What a recall is matched by, from its own texts.

    A title reads "FIRM Recalls PRODUCT Due to HAZARD", or "PRODUCT Recalled Due to HAZARD".
    """
    firm, product = split_title(title)
    return RecallWords(
        upcs=frozenset(upc for text in upcs if (upc := read_upc(text))),
        brand=words_in(f"{firm} {manufacturer} {product_name}" if firm else manufacturer)
        | words_in(product),
        product=words_in(product_name) or words_in(product),
    )


def split_title(title: str) -> tuple[str, str]:
    """The firm and the product of a recall's title; the firm is empty where it is not named."""
    act = _ACT.search(title)
    if act is None:
        return "", title
    before, after = title[: act.start()].strip(), title[act.end() :].strip()
    because = _BECAUSE.search(after)
    product = (after[: because.start()] if because else after).strip(" ,;")
    # "PRODUCT Recalled Due to …": nothing stands between the act and its reason.
    return (before, product) if product else ("", before)


def product_words(*, title: str, brand: str, sku: str) -> ProductWords:
    """What a product is matched by; an article number of 12 to 14 digits is taken for a UPC."""
    return ProductWords(upc=read_upc(sku), brand=words_in(brand), title=words_in(title))


def read_upc(text: str) -> str:
    """The digits of a UPC, EAN or GTIN without leading zeros, or nothing when it is none."""
    digits = text.replace(" ", "").replace("-", "")
    return digits.lstrip("0") if _UPC.fullmatch(digits) else ""


def match_recall(product: ProductWords, recall: RecallWords) -> Match:
    """How well a recall fits a product."""
    if product.upc and product.upc in recall.upcs:
        return Match(FULL_SCORE, (f"UPC {product.upc}",))
    shared = sorted(product.title & recall.product)
    is_brand = bool(product.brand) and product.brand <= recall.brand
    if not is_brand and len(shared) < _LEAST_SHARED_WORDS:
        return Match(0, ())
    share = _TITLE_SHARE * len(shared) // len(recall.product) if recall.product else 0
    words = [f"brand: {' '.join(sorted(product.brand))}"] if is_brand else []
    words += [f"title: {' '.join(shared)}"] if shared else []
    return Match(share + (_BRAND_SHARE if is_brand else 0), tuple(words))


def _singular(word: str) -> str:
    if word.endswith("s") and not word.endswith(("ss", "us")) and len(word) > _SHORTEST_WORD:
        return word[:-1]
    return word
