"""Sellers answered: handled, tendered, settled, come back."""

from claims.demo.acts import (
    assesses,
    handles,
    insurer_declines,
    insurer_pays,
    passes,
    seller_adds,
    settles,
    steps_in,
    tenders,
)
from claims.demo.story import Story
from claims.models import Harm, Severity

STORIES = (
    Story(
        key="ans-01",
        product="grinder",
        who="Curtis Webb",
        days_ago=13,
        harm=Harm.CUT,
        severity=Severity.TREATMENT,
        claims={"medical": "1740.00", "lost_wages": "620.00"},
        tells="The guard came loose and turned away while the disc was still spinning. Eleven "
        "stitches in my forearm.",
        acts=(
            passes(1),
            assesses(2),
            handles(5, "We know Mr Webb as a customer and will call him."),
        ),
    ),
    Story(
        key="ans-03",
        product="stovetop",
        who="Gordon MacNeil",
        days_ago=24,
        harm=Harm.FIRE,
        claims={"property_damage": "2380.00", "purchase_price": "129.00"},
        tells="The regulator stuck open. The awning of the camper and one window melted.",
        acts=(
            passes(1),
            assesses(2),
            handles(4, "Repair shop of our choice, at our cost."),
            seller_adds(12, "The repair is booked for next week."),
        ),
    ),
    Story(
        key="ans-04",
        product="headphones",
        who="Yolanda Pierce",
        days_ago=20,
        harm=Harm.BATTERY,
        severity=Severity.TREATMENT,
        claims={"medical": "1480.00", "purchase_price": "149.00"},
        tells="The left cup got so hot on the train that it burnt the skin behind my ear.",
        acts=(passes(1), assesses(2), tenders(5, "Notified to our carrier, reference 55-0192.")),
    ),
    Story(
        key="ans-05",
        product="canoe",
        who="Rebecca Thorne",
        days_ago=17,
        harm=Harm.MECHANICAL,
        claims={"property_damage": "4620.00"},
        tells="The rear clamp cracked in the cold and the kayak came off at 80. It hit the car "
        "behind us; nobody was hurt, thank God.",
        acts=(passes(1), assesses(3), tenders(6, "Broker informed, adjuster appointed.")),
    ),
    # settled
    Story(
        key="ans-07",
        product="ladder",
        who="Patrick Donnelly",
        days_ago=48,
        harm=Harm.FALL,
        severity=Severity.TREATMENT,
        claims={"medical": "2900.00", "purchase_price": "139.00"},
        tells="A locking pin sheared off. I fell on the driveway and cracked two ribs.",
        acts=(
            passes(1),
            assesses(2),
            handles(4, "We take responsibility for this batch."),
            settles(16, "2900.00", "Bank confirmation and a signed release of Mr Donnelly."),
        ),
    ),
    Story(
        key="ans-09",
        product="cooker",
        who="Vanessa Ibarra",
        days_ago=70,
        harm=Harm.MECHANICAL,
        severity=Severity.TREATMENT,
        claims={"medical": "6800.00", "lost_wages": "2100.00"},
        tells="Steam shot out at the side of the gasket into my face. Second degree burns; I could "
        "not work at the salon for a month.",
        acts=(
            passes(1),
            assesses(2),
            tenders(5, "Claim number of our insurer: 2-77-4410."),
            insurer_pays(27, "6400.00", "Paid above the deductible after our inspection."),
        ),
    ),
    Story(
        key="ans-10",
        product="wasserkocher",
        who="Thomas Riedel",
        days_ago=62,
        harm=Harm.FIRE,
        claims={"property_damage": "6750.00"},
        tells="Die Heizplatte hat nicht abgeschaltet, der Sockel ist verschmort und hat den "
        "Hängeschrank angesteckt.",
        acts=(
            passes(1),
            assesses(2),
            tenders(6, "Schadenmeldung ist heute hinausgegangen."),
            insurer_pays(31, "4250.00", "Deckung bestätigt, reguliert abzüglich Selbstbehalt."),
        ),
    ),
    # come back, and decided or waiting
    Story(
        key="ans-11",
        product="scooter",
        who="Brandon Lutz",
        days_ago=58,
        harm=Harm.BATTERY,
        claims={"property_damage": "3480.00"},
        tells="It burnt in the garage and took the workbench and the freezer with it.",
        acts=(passes(1), assesses(2), handles(5, "We will contact the customer.")),
    ),
    Story(
        key="ans-12",
        product="speaker",
        who="Camille Arceneaux",
        days_ago=34,
        harm=Harm.BATTERY,
        claims={"property_damage": "1930.00", "purchase_price": "119.00"},
        tells="It swelled, split and burnt a hole through the dashboard of my car.",
        acts=(
            passes(1),
            assesses(2),
            tenders(4, "Sent to our broker."),
            insurer_declines(18, "The policy excludes lithium batteries by endorsement 12."),
        ),
    ),
    Story(
        key="ans-13",
        product="stovetop",
        who="Sylvie Tremblay",
        days_ago=75,
        harm=Harm.FIRE,
        claims={"property_damage": "1690.00"},
        tells="La flamme est montée derrière le panneau et la table de pique-nique a brûlé avec le "
        "matériel.",
        acts=(
            passes(1),
            assesses(2),
            handles(5, "We will settle directly."),
            steps_in(50, "Thirty days went by without an offer; the photographs are clear."),
        ),
    ),
)
