"""Asked about, abandoned, reopened, in assessment, not proven, taken back."""

from datetime import date

from claims.demo.acts import (
    asks,
    assesses,
    claimant_appeals,
    decides_appeal,
    notes,
    passes,
    replies,
    withdraws,
)
from claims.demo.story import Story
from claims.models import AppealStatus, Harm, Medicare, Severity

STORIES = (
    # questions to the claimant
    Story(
        key="in-11",
        product="blanket",
        who="Ruth Adeyemi",
        days_ago=6,
        harm=Harm.FIRE,
        severity=Severity.FIRST_AID,
        claims={"property_damage": "260.00", "medical": "95.00"},
        tells="I woke up because my leg was hot. There is a hole in the blanket and in the sheet.",
        acts=(
            asks(
                2,
                "Please send us a photograph of the label on the cable and tell us how long "
                "the blanket had been switched on.",
            ),
        ),
    ),
    Story(
        key="in-13",
        product="canoe",
        who="Étienne Gagnon",
        days_ago=9,
        harm=Harm.MECHANICAL,
        claims={"property_damage": "1850.00", "purchase_price": "219.00"},
        tells="The front bracket let go on the 401 and the canoe hit the roof and the rear window.",
        acts=(
            passes(1),
            asks(
                2,
                "The estimate of the body shop is cut off after the first page. Please send us "
                "the second one too.",
            ),
        ),
    ),
    Story(
        key="in-14",
        product="wasserkocher",
        who="Sabine Kröger",
        days_ago=41,
        harm=Harm.WATER,
        claims={"property_damage": "420.00"},
        tells="Der Boden ist undicht, das Wasser ist über Nacht in die Arbeitsplatte gezogen.",
        acts=(
            asks(
                3, "Bitte schicken Sie uns ein Foto der Unterseite und die Rechnung des Schreiners."
            ),
        ),
    ),
    Story(
        key="in-16",
        product="hammock",
        who="Liam O'Connor",
        days_ago=38,
        harm=Harm.FALL,
        severity=Severity.FIRST_AID,
        claims={"purchase_price": "169.00", "medical": "60.00"},
        tells="A weld of the frame broke and I landed on the patio.",
        acts=(
            asks(1, "Please photograph the broken weld from close up."),
            replies(24, "Sorry, I was away for work. Photographs are uploaded now."),
            notes(26, "Reopened in time: 90 days since the incident are not over."),
        ),
    ),
    # in assessment
    Story(
        key="in-17",
        product="heater",
        who="Nathan Fuller",
        days_ago=3,
        harm=Harm.FIRE,
        claims={"property_damage": "2875.00", "purchase_price": "64.00", "consequential": "500.00"},
        tells="The heater tipped over when the cat jumped on it and did not switch off as the "
        "manual says it would. The rug and part of the oak floor burnt.",
        acts=(passes(1),),
    ),
    Story(
        key="in-20",
        product="drabina",
        who="Krzysztof Malinowski",
        days_ago=4,
        harm=Harm.FALL,
        severity=Severity.TREATMENT,
        claims={"medical": "2100.00", "lost_wages": "3400.00"},
        tells="Pękła blokada środkowego segmentu i spadłem z dwóch metrów. Złamany nadgarstek, "
        "trzy tygodnie zwolnienia.",
        acts=(passes(1.5),),
    ),
    # nothing proven, and an appeal that did not help
    Story(
        key="in-21",
        product="charger",
        who="Wesley Grant",
        days_ago=66,
        harm=Harm.ELECTRICAL,
        claims={"property_damage": "1399.00"},
        tells="My laptop stopped working after I used this charger.",
        acts=(
            passes(2),
            assesses(
                6,
                "The repair shop found a liquid spill; nothing points to the charger.",
                property_damage="0.00",
            ),
            claimant_appeals(15, "The shop only looked at the outside. I want a second opinion."),
            decides_appeal(22, AppealStatus.UPHELD, "No new fact about the charger was given."),
        ),
    ),
    # taken back
    Story(
        key="in-23",
        product="pulka",
        who="Ingrid Sundström",
        days_ago=44,
        harm=Harm.MECHANICAL,
        claims={"purchase_price": "1249.00"},
        tells="Dragstången gick av mitt ute på sjön, som tur var utan barn i pulkan.",
        acts=(withdraws(2, "Säljaren skickade en ny dragstång samma dag."),),
    ),
    # Medicare is not known yet
    Story(
        key="in-24",
        product="stepstool",
        who="Harold Jennings",
        days_ago=7,
        harm=Harm.FALL,
        severity=Severity.TREATMENT,
        medicare=Medicare.UNKNOWN,
        born_on=date(1955, 6, 30),
        claims={"medical": "880.00", "purchase_price": "49.95"},
        tells="The top step folded while I changed a bulb. I am seventy and I was lucky: a "
        "sprained wrist and stitches over the eye.",
        acts=(passes(1), assesses(3, "Bills agree; the hinge pin is missing in the photograph.")),
    ),
)
