"""The labels of free-form certificates in English, German and French, and what they introduce."""

import re
from collections.abc import Iterable
from typing import Final

from insurance.reading.page import Line, Page

# A label with what often follows it in brackets or small words before the colon.
_FIELDS: Final = {
    "number": r"(?:policy|contract) (?:number|no\.?|nr\.?|#)|versicherungs(?:schein|vertrags)-?\s?"
    r"(?:nr\.?|nummer)|police(?:n-?\s?(?:nr\.?|nummer)| n[°º]| numéro)|vertragsnummer"
    r"|(?:numéro|n[°º]) (?:de |du )?(?:police|contrat)|contrat n[°º]",
    "insurer": r"(?:name of )?insurer|insurance company|insured with|versicherer|assureur"
    r"|compagnie d['’]assurances?",
    "insured": r"(?:named )?insured|policy ?holder|name of (?:the )?insured"
    r"|versicherungsnehmer(?:in)?|versicherte[rn]?|assuré|souscripteur|preneur d['’]assurance",
    "kind": r"(?:type|class|kind) of (?:insurance|cover|policy|business)|art der versicherung"
    r"|versicherungsart|nature du contrat|type d['’]assurance|type de contrat",
    "basis": r"basis(?: of cover)?|policy basis|policy form|trigger|deckungsprinzip|deckungsbasis"
    r"|base de la garantie|fait générateur",
    "period": r"(?:period of insurance|(?:policy|insurance) period|versicherungs(?:dauer|zeitraum)"
    r"|période d['’]assurance|période de garantie|durée)",
    "effective": r"(?:effective|inception|start|commencement)(?: date)?|versicherungsbeginn|beginn"
    r"|date d['’]effet|prise d['’]effet",
    "expires": r"(?:expiry|expiration|end)(?: date)?|versicherungsende|versicherungsablauf|ablauf"
    r"|date d['’](?:expiration|échéance)|échéance",
    "limit": r"limits? of (?:indemnity|liability|cover)"
    r"|(?:each|per|any one)[- ]occurrence(?: limit)?"
    r"|limit (?:each|per|any one) occurrence|(?:versicherungs|deckungs)summe"
    r"|montants? (?:des |de )?garanties?|plafond(?: de garantie)?(?: par sinistre)?",
    "aggregate": r"(?:annual |general )?aggregate(?: limit)?"
    r"|jahreshöchst(?:leistung|ersatzleistung)"
    r"|gesamtleistung|plafond (?:annuel|par année d['’]assurance)|par année d['’]assurance",
    "deductible": r"deductible|excess|self[- ]insured retention|selbstbe(?:halt|teiligung)"
    r"|franchise",
    "territory": r"(?:coverage |policy )?territory|territorial (?:limits|scope)"
    r"|geographical (?:limits|scope)|(?:räumlicher )?geltungsbereich|étendue territoriale"
    r"|territorialité",
    "additional": r"additional insureds?|indemnity to principals?|(?:zusatz|mit)versicherte[rn]?"
    r"|assurée?s? (?:additionnel|supplémentaire)(?:le)?s?",
    "notice": r"(?:notice of )?cancellation(?: notice)?|notice period|kündigung(?:sfrist)?"
    r"|résiliation|préavis",
    "rating": r"(?:insurer(?:’s|'s)? |financial (?:strength )?)?rating|am best(?: rating)?|bonität"
    r"|notation",
    "products": r"(?:covered |insured )?products(?: covered| insured)?|versicherte produkte"
    r"|produits (?:assurés|couverts)",
    "signature": r"(?:authori[sz]ed )?signatur(?:e|y)|authori[sz]ed signatory|signed(?: by)?"
    r"|unterschrift|signature autorisée",
    "holder": r"certificate holder|issued to|ausgestellt für|délivrée? à",
    "producer": r"broker|issued by|agent|makler|courtier",
}
_PATTERNS: Final = {
    name: re.compile(rf"(?:{pattern})(?:\s*\([^)]*\))?", re.IGNORECASE)
    for name, pattern in _FIELDS.items()
}
_LONGEST_LABEL: Final = 60
# Lines of one value stand closer than this, in heights of a line.
_PARAGRAPH_GAP: Final = 1.0
_MOST_LINES: Final = 8

type Values = dict[str, tuple[str, ...]]


def labelled_values(pages: Iterable[Page]) -> tuple[Values, dict[str, tuple[Page, Line]]]:
    """Every label's value as lines, and the page and place of every label.

    A label that comes again with another value belongs to another policy or party, so that field
    is left out: nothing here guesses which of them is meant.
    """
    found: dict[str, set[tuple[str, ...]]] = {}
    places: dict[str, tuple[Page, Line]] = {}
    for page in pages:
        for index, line in enumerate(page.lines):
            label = _label(line)
            if label is None:
                continue
            name, part = label
            places.setdefault(name, (page, part))
            value, _ = _value(page.lines, index, part)
            if value:
                found.setdefault(name, set()).add(value)
    return {name: next(iter(each)) for name, each in found.items() if len(each) == 1}, places


def _label(line: Line) -> tuple[str, Line] | None:
    """The field whose label a line begins with, and the label's words."""
    before, colon, _ = line.text.partition(":")
    text = before if colon and len(before) <= _LONGEST_LABEL else line.runs()[0].text
    for name, pattern in _PATTERNS.items():
        if pattern.fullmatch(text.strip()):
            part = line.find(re.compile(re.escape(text + colon)))
            return None if part is None else (name, part)
    return None


def paragraphs(page: Page) -> str:
    """A page's text with an empty line before every label, and behind every value.

    Sentences do not run from one of them into the other.
    """
    text: list[str] = []
    end = -1
    for index, line in enumerate(page.lines):
        label = _label(line)
        if label is not None or index == end:
            text.append("")
        if label is not None:
            _, end = _value(page.lines, index, label[1])
        text.append(line.text)
    return "\n".join(text)


def _value(lines: tuple[Line, ...], index: int, label: Line) -> tuple[tuple[str, ...], int]:
    """The rest of the label's line and the lines that go on below, and where the next begins."""
    rest = lines[index].after(label)
    first = "" if rest is None else rest.text.lstrip(": ")
    value = [first] if first else []
    left = label.x0 if rest is None else rest.x0
    end = index + 1
    for line in lines[end : index + _MOST_LINES]:
        last = lines[end - 1]
        height = last.bottom - last.top
        is_apart = line.top - last.bottom > _PARAGRAPH_GAP * height or line.x0 < left - height
        if is_apart or _label(line) is not None or ":" in line.text:
            break
        value.append(line.text)
        end += 1
    return tuple(value), end
