"""Recalls as rows, and which of them fit the product of a safety case (rules §7)."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import batched
from typing import TextIO

from django.db import transaction
from django.db.models import Q

from claims.models import Recall, RecallMatch, SafetyCase
from claims.models.safety import LIVING
from claims.safety.matching import (
    ProductWords,
    RecallWords,
    match_recall,
    product_words,
    read_upc,
    recall_words,
)
from claims.safety.recall_files import PublishedRecall, read_recalls
from claims.screening.figures import figures_at

_ROWS_AT_ONCE = 500
_MOST_MATCHES = 10
_TEXTS = (
    "title",
    "product_name",
    "manufacturer",
    "description",
    "hazard",
    "remedy",
    "units",
    "url",
)


@dataclass(frozen=True, slots=True)
class ImportedRecalls:
    """How many recalls of a file were new, and how many were known."""

    new: int
    known: int


def import_recalls(*, file: TextIO, source: str, at: datetime) -> ImportedRecalls:
    """Keep the recalls of a file, all or none, and match every living safety case anew.

    A recall that is known by its number is brought up to date. A text that the file has cut
    short, or not at all, stays as it is known.

    Raises:
        RecallsNotUnderstood: the file is in neither of the two shapes; nothing is kept.
    """
    new = known = 0
    with transaction.atomic():
        for batch in batched(read_recalls(file), _ROWS_AT_ONCE):
            published = {recall.number: recall for recall in batch}
            there = _known(source, published)
            _keep(source, published.values(), there)
            new += len(published) - len(there)
            known += len(there)
        for case in SafetyCase.objects.filter(status__in=LIVING).select_related("product"):
            match_case(case=case, at=at)
    return ImportedRecalls(new=new, known=known)


def match_case(*, case: SafetyCase, at: datetime) -> list[RecallMatch]:
    """Match a case's product against all recalls; returns the best, which replace older ones."""
    product = case.product
    wanted = product_words(title=product.title, brand=product.brand, sku=product.sku)
    least = figures_at(at).recall_score
    scored = [(match_recall(wanted, _words(recall)), recall) for recall in _candidates(wanted)]
    fitting = [(match, recall) for match, recall in scored if match.score >= least]
    fitting.sort(key=lambda pair: (-pair[0].score, -pair[1].recalled_on.toordinal(), pair[1].pk))
    rows = [
        RecallMatch(
            case=case, recall=recall, score=match.score, words=list(match.words), matched_at=at
        )
        for match, recall in fitting[:_MOST_MATCHES]
    ]
    with transaction.atomic():
        case.recall_matches.all().delete()
        return RecallMatch.objects.bulk_create(rows)


def _candidates(wanted: ProductWords) -> Iterable[Recall]:
    near = Q(product_words__overlap=sorted(wanted.title))
    if wanted.brand:
        near |= Q(brand_words__contains=sorted(wanted.brand))
    if wanted.upc:
        near |= Q(upcs__contains=[wanted.upc])
    return Recall.objects.filter(near)


def _words(recall: Recall) -> RecallWords:
    return RecallWords(
        upcs=frozenset(recall.upcs),
        brand=frozenset(recall.brand_words),
        product=frozenset(recall.product_words),
    )


def _known(source: str, published: Iterable[str]) -> dict[str, Recall]:
    rows = Recall.objects.filter(source=source, number__in=list(published))
    return {recall.number: recall for recall in rows}


def _keep(source: str, published: Iterable[PublishedRecall], there: dict[str, Recall]) -> None:
    rows = [
        _merged(there.get(p.number) or Recall(source=source, number=p.number), p) for p in published
    ]
    Recall.objects.bulk_create([row for row in rows if row.pk is None])
    Recall.objects.bulk_update(
        [row for row in rows if row.pk is not None and row.number in there],
        [*_TEXTS, "recalled_on", "upcs", "brand_words", "product_words"],
    )


def _merged(row: Recall, published: PublishedRecall) -> Recall:
    given = asdict(published)
    for name in _TEXTS:
        if not getattr(row, name).startswith(given[name]):
            setattr(row, name, given[name])
    row.recalled_on = published.recalled_on
    upcs = {upc for text in published.upcs if (upc := read_upc(text))}
    row.upcs = sorted(upcs | set(row.upcs))
    words = recall_words(
        title=row.title, product_name=row.product_name, manufacturer=row.manufacturer
    )
    row.brand_words, row.product_words = sorted(words.brand), sorted(words.product)
    return row
