"""Reported, not eligible, screened out."""

from datetime import date

from claims.demo.acts import (
    claimant_appeals,
    decides_appeal,
    notes,
    screens_out,
)
from claims.demo.story import Story
from claims.models import AppealStatus, Harm, Severity

STORIES = (
    # waiting to be screened
    Story(
        key="in-01",
        product="airfryer",
        who="Denise Calloway",
        days_ago=0.1,
        harm=Harm.FIRE,
        claims={"property_damage": "640.00", "purchase_price": "79.99"},
        tells="Third time I used it, flames came out of the back vent. The wall behind it is black "
        "and the socket has melted. I have kept the air fryer in the garage.",
    ),
    Story(
        key="in-02",
        product="magnets",
        who="Trevor Nguyen",
        days_ago=0.4,
        harm=Harm.INGESTION,
        severity=Severity.HOSPITAL,
        claims={"medical": "8940.00", "purchase_price": "34.00"},
        born_on=date(1988, 2, 9),
        tells="One of the tiles cracked at the seam and two small magnets came out. Our son, he is "
        "three, swallowed both before we noticed. He was operated on the same night. He is home "
        "now and doing well, but we want this product looked at.",
    ),
    Story(
        key="in-04",
        product="raclette",
        who="Jürgen Paulsen",
        days_ago=1.2,
        harm=Harm.ELECTRICAL,
        claims={"property_damage": "310.00", "purchase_price": "69.90"},
        tells="Beim dritten Abend hat es geknallt, die Sicherung ist geflogen und die Tischplatte "
        "hat jetzt einen Brandfleck. Das Kabel war innen blank. Fotos habe ich.",
    ),
    Story(
        key="in-05",
        product="licuadora",
        who="Mariana Fuentes",
        days_ago=1.6,
        harm=Harm.CUT,
        severity=Severity.TREATMENT,
        claims={"medical": "4200.00", "purchase_price": "899.00"},
        tells="El vaso se rompió mientras licuaba fruta fría, sin golpe. Me cortó la mano y me "
        "pusieron cinco puntos en urgencias.",
    ),
    Story(
        key="in-06",
        product="powerbank",
        who="Owen Prescott",
        days_ago=2.0,
        harm=Harm.BATTERY,
        claims={"property_damage": "480.00", "purchase_price": "35.99"},
        tells="It was charging on the sofa and started hissing. By the time I got it outside it "
        "had burnt through the cushion and the carpet.",
    ),
    # not eligible, told at once
    Story(
        key="in-07",
        product="toaster",
        who="Gloria Whitman",
        days_ago=33,
        incident=140,
        harm=Harm.FIRE,
        claims={"property_damage": "900.00"},
        tells="The toaster set fire to the blind in spring. I only heard about this programme last "
        "week from my neighbour.",
    ),
    Story(
        key="in-08",
        product="speaker",
        who="Anton Reyes",
        days_ago=21,
        harm=Harm.BATTERY,
        claims={"property_damage": "1250000.00"},
        tells="The speaker burnt and my boat with it. The boat was worth one and "
        "a quarter million.",
    ),
    # screened out, one of them with an appeal that reopened it
    Story(
        key="in-09",
        product="massager",
        who="Kyle Brandtner",
        days_ago=47,
        harm=Harm.OTHER,
        claims={"pain_and_suffering": "3000.00", "purchase_price": "46.99"},
        tells="It does not massage as strong as in the video and I suffer because of that.",
        acts=(
            screens_out(2, "No defect and no loss is described; it is a complaint about power."),
        ),
    ),
    Story(
        key="in-10",
        product="chair",
        who="Bernadette Lowell",
        days_ago=52,
        harm=Harm.FALL,
        severity=Severity.TREATMENT,
        claims={"medical": "690.00", "purchase_price": "68.00"},
        tells="The chair went down under me at my daughter's party.",
        acts=(
            screens_out(3, "No photograph and no bill although asked twice by telephone."),
            claimant_appeals(
                14,
                "I was in the cottage and had no signal. Here are the bill of the "
                "urgent care and two photographs of the broken rivet.",
            ),
            decides_appeal(
                19,
                AppealStatus.OVERTURNED,
                "The bill and the rivet are clear. The claim deserves an assessment.",
            ),
            notes(20, "Rivet photographs look like a batch problem: ask Sunfield for the lot."),
        ),
    ),
)
