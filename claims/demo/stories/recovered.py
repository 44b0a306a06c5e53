"""The cost is pursued: withheld, collected from seller and insurer, given back on appeal."""

from claims.demo.acts import (
    accepts,
    assesses,
    collects,
    decides_appeal,
    passes,
    rejects,
    seller_appeals,
    steps_in,
    withholds,
    writes_off,
)
from claims.demo.story import Story
from claims.models import AppealStatus, Harm, Severity

STORIES = (
    Story(
        key="rec-01",
        product="blanket",
        who="Howard Stanton",
        days_ago=63,
        harm=Harm.FIRE,
        claims={"property_damage": "2690.00"},
        tells="The control unit caught fire on the nightstand while we were in the kitchen.",
        acts=(passes(1), assesses(2), withholds(16), collects(30, "seller", "1200.00")),
    ),
    Story(
        key="rec-03",
        product="grinder",
        who="Samuel Ortiz",
        days_ago=72,
        harm=Harm.CUT,
        severity=Severity.TREATMENT,
        claims={"medical": "1980.00"},
        tells="The lock button broke and it started in my hand.",
        acts=(
            passes(1),
            assesses(2),
            accepts(5, "Our switch, our fault."),
            collects(33, "insurer", "1980.00"),
        ),
    ),
    Story(
        key="rec-04",
        product="escooter",
        who="Priyanka Desai",
        days_ago=82,
        harm=Harm.MECHANICAL,
        severity=Severity.TREATMENT,
        claims={"medical": "380.00", "lost_wages": "1650.00"},
        tells="The front fork cracked on a cycle path. Broken wrist.",
        acts=(
            passes(1),
            assesses(3),
            collects(40, "seller", "900.00"),
            writes_off(
                70, "The seller's bank account is overdrawn; the rest is not worth a court."
            ),
        ),
    ),
    Story(
        key="rec-05",
        product="hoverboard",
        who="Alicia Trent",
        days_ago=60,
        harm=Harm.BATTERY,
        severity=Severity.TREATMENT,
        claims={"medical": "2700.00", "property_damage": "1100.00"},
        tells="It threw my daughter off and then caught fire in the yard.",
        acts=(
            passes(1),
            assesses(2),
            withholds(14),
            seller_appeals(
                22, "This unit was sold as refurbished by somebody else: see the label."
            ),
            decides_appeal(
                30,
                AppealStatus.OVERTURNED,
                "The label is another seller's. What was withheld goes back.",
            ),
        ),
    ),
    Story(
        key="rec-07",
        product="drabina",
        who="Ewa Pawlak",
        days_ago=54,
        harm=Harm.FALL,
        severity=Severity.TREATMENT,
        claims={"medical": "1400.00", "lost_wages": "5100.00"},
        tells="Zamek teleskopu puścił, upadek z trzech metrów, pęknięty krąg.",
        acts=(
            passes(1),
            assesses(2),
            rejects(5, "Brak dowodu zakupu części."),
            steps_in(11, "Dowód zakupu jest w zamówieniu."),
            withholds(20),
        ),
    ),
)
