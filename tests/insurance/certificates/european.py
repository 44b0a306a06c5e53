"""Certificates without a form, as insurers in Britain, Germany, France and elsewhere write them."""

from dataclasses import replace
from datetime import date

from insurance.checks import InsuredFacts
from sellers.markets import MARKETS
from tests.insurance.certificates import WORDING
from tests.insurance.certificates.drawing import Drawing

EVERYWHERE_BUT_NORTH_AMERICA = frozenset(MARKETS) - {"US", "CA"}

BRITISH = Drawing(
    slug="british",
    style="free",
    market="UK",
    insured_facts=InsuredFacts(legal_name="Brightside Goods Ltd"),
    named_insured="Brightside Goods Ltd",
    title="Evidence of Insurance",
    values=(
        ("Insurer:", "Channel Mutual Insurance plc"),
        ("Insurer’s rating:", "A (AM Best)"),
        ("Named insured:", "Brightside Goods Ltd\n5 Quay Street\nBristol BS1 4XX"),
        ("Policy number:", "CM/2026/0077"),
        ("Class of insurance:", "Public and Products Liability"),
        ("Basis of cover:", "Occurrence"),
        ("Period of insurance:", "15 January 2026 to 14 January 2027, both dates inclusive"),
        (
            "Limit of indemnity:",
            "GBP 5,000,000 any one occurrence and\nGBP 6,000,000 in the annual aggregate",
        ),
        ("Excess:", "GBP 1,000 each and every claim"),
        ("Territorial limits:", "Worldwide excluding USA and Canada"),
        ("Additional insured:", WORDING),
        ("Cancellation:", "30 days’ written notice to the holder of this document"),
        ("", "Cover is for bodily injury and property damage caused by products supplied."),
        ("Signature:", "Alex Reed"),
    ),
    expected=(
        {
            "insurer": "Channel Mutual Insurance plc",
            "rating": "A",
            "number": "CM/2026/0077",
            "kind": "PRODUCTS",
            "basis": "OCCURRENCE",
            "each_occurrence": 500_000_000,
            "aggregate": 600_000_000,
            "products_included": True,
            "bodily_injury": True,
            "deductible": 100_000,
            "additional_insured": WORDING,
            "effective": date(2026, 1, 15),
            "expires": date(2027, 1, 14),
            "cancellation_notice_days": 30,
            "territory": EVERYWHERE_BUT_NORTH_AMERICA,
        },
    ),
)
GERMAN = Drawing(
    slug="german",
    style="free",
    market="DE",
    insured_facts=InsuredFacts(legal_name="Brightside Waren GmbH"),
    named_insured="Brightside Waren GmbH",
    title="Versicherungsbestätigung",
    signature="drawn",
    values=(
        ("Versicherer:", "Nordstern Versicherung AG (AM Best: A-)"),
        ("Versicherungsnehmer:", "Brightside Waren GmbH\nHafenstraße 5\n20457 Hamburg"),
        ("Versicherungsschein-Nr.:", "NV-2026-77"),
        ("Art der Versicherung:", "Betriebs- und Produkthaftpflichtversicherung"),
        ("Deckungsprinzip:", "Schadenereignis"),
        ("Versicherungszeitraum:", "1. Januar 2026 bis 31. Dezember 2026"),
        (
            "Versicherungssumme:",
            "EUR 3.000.000 je Schadenfall,\nEUR 6.000.000 je Versicherungsjahr",
        ),
        ("Selbstbehalt:", "EUR 1.000,00 je Schadenfall"),
        ("Räumlicher Geltungsbereich:", "weltweit ohne USA und Kanada"),
        ("Mitversicherte:", WORDING),
        ("Kündigungsfrist:", "30 Tage"),
        ("", "Personen- und Sachschäden sind versichert."),
        ("Unterschrift:", ""),
    ),
    expected=(
        {
            "insurer": "Nordstern Versicherung AG",
            "rating": "A-",
            "number": "NV-2026-77",
            "kind": "PRODUCTS",
            "basis": "OCCURRENCE",
            "each_occurrence": 300_000_000,
            "aggregate": 600_000_000,
            "products_included": True,
            "bodily_injury": True,
            "deductible": 100_000,
            "additional_insured": WORDING,
            "effective": date(2026, 1, 1),
            "expires": date(2026, 12, 31),
            "cancellation_notice_days": 30,
            "territory": EVERYWHERE_BUT_NORTH_AMERICA,
        },
    ),
)
FRENCH = Drawing(
    slug="french",
    style="free",
    market="FR",
    insured_facts=InsuredFacts(legal_name="Brightside Produits SARL"),
    named_insured="Brightside Produits SARL",
    title="Attestation d’assurance",
    values=(
        ("Assureur :", "Mutuelle du Littoral"),
        ("Souscripteur :", "Brightside Produits SARL\n5 quai de la Gare\n75013 Paris"),
        ("Numéro de police :", "ML 445-2026"),
        ("Nature du contrat :", "Responsabilité civile produits"),
        ("Base de la garantie :", "Fait dommageable"),
        ("Date d’effet :", "02/03/2026"),
        ("Échéance :", "01/03/2027"),
        ("Montant des garanties :", "400 000 € par sinistre"),
        ("Plafond annuel :", "1 000 000 €"),
        ("Franchise :", "Néant"),
        ("Étendue territoriale :", "Union européenne et Royaume-Uni"),
        ("Assuré additionnel :", WORDING),
        ("Résiliation :", "préavis de 30 jours"),
        ("", "Les dommages corporels sont garantis."),
        ("", "Fait à Paris, le 20/01/2026"),
        ("Signature :", "Camille Roux"),
    ),
    expected=(
        {
            "insurer": "Mutuelle du Littoral",
            "number": "ML 445-2026",
            "kind": "PRODUCTS",
            "basis": "OCCURRENCE",
            "each_occurrence": 40_000_000,
            "aggregate": 100_000_000,
            "products_included": True,
            "bodily_injury": True,
            "deductible": 0,
            "additional_insured": WORDING,
            "effective": None,
            "expires": None,
            "cancellation_notice_days": 30,
            "territory": frozenset({"EU", "UK"}),
        },
    ),
    defects=(("EACH_OCCURRENCE", "INSURER_RATING", "DATES"),),
    questions=(
        (0, "EFFECTIVE", "02/03/2026", (date(2026, 2, 3), date(2026, 3, 2))),
        (0, "EXPIRES", "01/03/2027", (date(2027, 1, 3), date(2027, 3, 1))),
    ),
)


def with_values(drawing: Drawing, **changes: str) -> tuple[tuple[str, str], ...]:
    """A drawing's values with some of them changed, by the first word of their label."""
    return tuple(
        (label, changes.get(label.split(" ")[0].rstrip(":"), value))
        for label, value in drawing.values
    )


EUROPEAN = (
    BRITISH,
    GERMAN,
    FRENCH,
    replace(
        BRITISH,
        slug="british-in-dollars",
        values=with_values(BRITISH, Limit="USD 5,000,000 any one occurrence and in the aggregate"),
        expected=({**BRITISH.expected[0], "each_occurrence": None, "aggregate": None},),
        defects=(("EACH_OCCURRENCE", "AGGREGATE"),),
    ),
    replace(
        BRITISH,
        slug="british-without-a-signature",
        values=tuple(pair for pair in BRITISH.values if pair[0] != "Signature:"),
        signature="nowhere",
        defects=(("SIGNATURE",),),
    ),
    replace(
        GERMAN,
        slug="german-not-signed",
        signature="none",
        values=with_values(GERMAN, Räumlicher="Deutschland", Selbstbehalt="EUR 25.000"),
        expected=({**GERMAN.expected[0], "territory": frozenset({"DE"}), "deductible": 2_500_000},),
        defects=(("DEDUCTIBLE", "SIGNATURE"),),
    ),
    replace(
        GERMAN,
        slug="german-for-america",
        market="US",
        defects=(("EACH_OCCURRENCE", "AGGREGATE", "DEDUCTIBLE", "TERRITORY"),),
        expected=(
            {
                **GERMAN.expected[0],
                "each_occurrence": None,
                "aggregate": None,
                "deductible": None,
            },
        ),
    ),
    replace(BRITISH, slug="british-in-word", style="docx_free"),
    replace(
        GERMAN,
        slug="german-in-word",
        style="docx_free",
        signature="none",
        defects=(("SIGNATURE",),),
    ),
    replace(
        BRITISH,
        slug="british-scan",
        is_scan=True,
        expected=(),
        defects=(),
        questions=(),
        named_insured=None,
    ),
)
