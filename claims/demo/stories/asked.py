"""Above the ceiling, the seller's clock running at every stage; proposals of big amounts."""

from claims.demo.acts import (
    approves,
    assesses,
    extends,
    holds_back,
    notes,
    passes,
    refuses,
    steps_in,
)
from claims.demo.story import Story
from claims.models import Harm, HoldKind, Severity

STORIES = (
    Story(
        key="ask-01",
        product="cooker",
        who="Danielle Hughes",
        days_ago=2.1,
        harm=Harm.MECHANICAL,
        severity=Severity.TREATMENT,
        claims={"medical": "1320.00", "property_damage": "450.00"},
        tells="The lid came off while it still had pressure. Soup on the ceiling, burns on my arm "
        "and neck. The lock looks as if it never engaged.",
        acts=(passes(0.5), assesses(1.0, "Discharge letter and kitchen photographs agree.")),
    ),
    Story(
        key="ask-02",
        product="hoverboard",
        who="Miguel Santos",
        days_ago=5.5,
        harm=Harm.BATTERY,
        claims={"property_damage": "6400.00", "purchase_price": "189.00"},
        tells="It was charging in the hall. We heard a bang, then the hall was on fire. The fire "
        "brigade came within ten minutes. Door, floor and wiring have to be replaced.",
        acts=(passes(0.8), assesses(1.6, "Fire report names the battery as the origin.")),
    ),
    Story(
        key="ask-05",
        product="scooter",
        who="Jordan Ellis",
        days_ago=8.9,
        harm=Harm.MECHANICAL,
        severity=Severity.TREATMENT,
        claims={"medical": "3900.00", "lost_wages": "900.00"},
        tells="The handlebar stem snapped at the fold at low speed. I went over the front and "
        "broke my collarbone.",
        acts=(
            passes(1),
            assesses(2.2),
            extends(5, 5, "The seller waits for the laboratory that examines the stem."),
        ),
    ),
    Story(
        key="ask-06",
        product="blender",
        who="Fiona MacAllister",
        days_ago=4.5,
        harm=Harm.ELECTRICAL,
        claims={"property_damage": "1480.00", "purchase_price": "64.99"},
        tells="It leaked into its own base and tripped the whole house. The induction hob next to "
        "it has been dead since; the engineer says a surge did that.",
        acts=(passes(1), assesses(2)),
    ),
    Story(
        key="ask-07",
        product="leiter",
        who="Andreas Vogt",
        days_ago=6.5,
        harm=Harm.FALL,
        severity=Severity.TREATMENT,
        claims={"medical": "1150.00", "lost_wages": "980.00"},
        tells="Die vierte Stufe ist an der Schweißnaht abgerissen. Bänderriss, zwei Wochen "
        "krankgeschrieben. Die Leiter steht unverändert im Keller.",
        acts=(passes(1), assesses(2.5)),
    ),
    Story(
        key="ask-08",
        product="stove",
        who="Haruka Tanabe",
        days_ago=3.2,
        harm=Harm.FIRE,
        claims={"property_damage": "286000", "purchase_price": "12800"},
        tells="The cooker did not switch off when the pot was taken away. The counter and the "
        "cupboard burnt before I noticed.",
        acts=(passes(0.7), assesses(1.5)),
    ),
    Story(
        key="ask-09",
        product="kamin",
        who="Lars Holmgren",
        days_ago=5.1,
        harm=Harm.FIRE,
        claims={"property_damage": "18400.00", "purchase_price": "899.00"},
        tells="Slangen läckte vid kopplingen och lågan slog upp bakom köket. Förtältet och två "
        "stolar brann upp.",
        acts=(passes(1), assesses(2)),
    ),
    Story(
        key="ask-10",
        product="ventilador",
        who="Rodrigo Salinas",
        days_ago=4.0,
        harm=Harm.FIRE,
        claims={"property_damage": "38500.00", "purchase_price": "749.00"},
        tells="Se quemó el motor de noche y el fuego alcanzó la cortina y el colchón. Los bomberos "
        "hicieron un acta.",
        acts=(passes(0.6), assesses(1.3)),
    ),
    # two people: above one person's authority, or held
    Story(
        key="ask-11",
        product="dehumidifier",
        who="Leonard Voss",
        days_ago=16,
        harm=Harm.FIRE,
        claims={"property_damage": "31200.00", "purchase_price": "179.00"},
        tells="The dehumidifier burnt in the basement while we were at a wedding. The family room "
        "above it has smoke damage. The insurer's expert named it as the cause.",
        acts=(
            passes(1),
            assesses(2, "Expert's report, 14 pages; the amounts are the restorer's."),
            notes(11, "Above the automatic limit, so it is ours to decide. Reserve 31,379."),
            steps_in(12, "I propose to pay what the expert found.", by="senior"),
        ),
    ),
    Story(
        key="ask-12",
        product="chair",
        who="Marjorie Plummer",
        days_ago=12,
        harm=Harm.FALL,
        severity=Severity.TREATMENT,
        claims={"medical": "610.00", "purchase_price": "68.00"},
        tells="The seat tore out of the frame. I am eighty-one and my hip is bruised all over.",
        acts=(
            passes(1),
            holds_back(2, HoldKind.FRAUD, "Same photograph as in an older complaint?"),
            assesses(3, "Two people because of the hold."),
            refuses(4, "Settle the question of the photograph first.", by="senior"),
            notes(5, "Reverse search done: the older complaint is a neighbour's, other chair."),
            assesses(6, "The photograph is her own."),
            approves(8, by="senior"),
        ),
    ),
)
