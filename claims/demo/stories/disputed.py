"""Rejected by the seller: upheld, stepped in, waiting for a decision, appealed."""

from claims.demo.acts import (
    approves,
    assesses,
    claimant_appeals,
    decides_appeal,
    holds_back,
    notes,
    passes,
    refuses,
    rejects,
    releases,
    seller_appeals,
    steps_in,
    upholds,
    withdraws,
)
from claims.demo.story import Story
from claims.models import AppealStatus, Harm, HoldKind, Severity

STORIES = (
    Story(
        key="dis-01", product="cooker", who="Gwendolyn Shaw", days_ago=9, harm=Harm.MECHANICAL,
        severity=Severity.FIRST_AID, claims={"property_damage": "1340.00"},
        tells="The valve blew out and the extractor hood above it is dented and dead.",
        acts=(passes(0.7), assesses(1.5), rejects(4, "The photographs show a valve of another maker. "
        "We sell the original for six dollars and the customer did not buy it.")),
    ),
    Story(
        key="dis-02", product="stepstool", who="Irene Castellanos", days_ago=14, harm=Harm.FALL,
        severity=Severity.TREATMENT, claims={"medical": "3150.00"},
        tells="The right leg bent under me. I weigh 140 pounds. Torn ligament in the knee.",
        acts=(passes(1), assesses(2), rejects(6, "The bend is typical of being run over by a car."),
              notes(8, "Asked our engineer: the bend starts at the weld, not at the foot.")),
    ),
    Story(
        key="dis-03", product="drabina", who="Paweł Zieliński", days_ago=25, harm=Harm.FALL,
        severity=Severity.TREATMENT, claims={"lost_wages": "6200.00"},
        tells="Złamał się szczebel, nie pracowałem sześć tygodni.",
        acts=(passes(1), assesses(2), rejects(5, "Drabina była przeciążona, widać ślady liny."),
              holds_back(7, HoldKind.LEGAL, "The claimant's employer has started an inquiry.")),
    ),
    Story(
        key="dis-04", product="heater", who="Roland Baptist", days_ago=27, harm=Harm.FIRE,
        claims={"property_damage": "7600.00"},
        tells="The heater's cord went up in flames at the plug. Curtains, sofa and floor burnt.",
        acts=(
            passes(1), assesses(2),
            rejects(5, "It was run on an extension cord, which the manual forbids."),
            steps_in(12, "No extension cord on the fire report. I propose to pay.", by="adjuster2"),
        ),
    ),
    Story(
        key="dis-05", product="grinder", who="Dwayne Foster", days_ago=39, harm=Harm.CUT,
        severity=Severity.TREATMENT, claims={"medical": "2480.00", "lost_wages": "1900.00"},
        tells="The disc burst. I wore gloves and goggles or I would have lost the eye.",
        acts=(
            passes(1), assesses(2),
            rejects(5, "A disc for stone was used on metal."),
            steps_in(11, "The receipt shows a metal disc of the right size."),
        ),
    ),
    Story(
        key="dis-06", product="pan", who="Siobhan Keane", days_ago=50, harm=Harm.MECHANICAL,
        severity=Severity.TREATMENT, claims={"medical": "190.00", "lost_wages": "1400.00"},
        tells="The handle came off with hot oil in the pan. Burns on both feet.",
        acts=(
            passes(1), assesses(3),
            rejects(8, "The rivets were drilled out, see our laboratory's photographs."),
            upholds(18, "The laboratory's photographs are convincing; the rivets were drilled."),
        ),
    ),
    Story(
        key="dis-07", product="ladder", who="Norman Pike", days_ago=68, harm=Harm.FALL,
        severity=Severity.TREATMENT, claims={"medical": "4100.00"},
        tells="It folded up with me on it and I broke my heel.",
        acts=(
            passes(1), assesses(2),
            rejects(6, "Mr Pike's own video shows him standing on the second section outside in."),
            upholds(13, "The video is clear: the ladder was set up wrongly.", by="senior"),
            claimant_appeals(25, "That video is of another day. Here is the one of the accident."),
        ),
    ),
    Story(
        key="dis-08", product="headphones", who="Jasmine Osei", days_ago=77, harm=Harm.BATTERY,
        severity=Severity.TREATMENT, claims={"medical": "1720.00"},
        tells="They caught fire in my bag at the gate. Burnt hand, and I missed my flight.",
        acts=(
            passes(1), assesses(2),
            rejects(5, "The pair was opened and repaired before."),
            upholds(12, "A repair sticker is visible.", by="senior"),
            claimant_appeals(20, "The sticker is the airport's own. Letter of their security office "
            "attached."),
            decides_appeal(27, AppealStatus.OVERTURNED, "The airport confirms that the sticker is "
            "theirs.", by="senior2"),
        ),
    ),
    Story(
        key="dis-09", product="airfryer", who="Colin Abernathy", days_ago=84, harm=Harm.FIRE,
        claims={"property_damage": "2050.00"},
        tells="Caught fire while preheating; backsplash, cabinet and one window.",
        acts=(
            passes(1), assesses(2),
            rejects(6, "Baking paper was inside while preheating."),
            upholds(14, "Remains of paper on the heating element in his own photograph.",
                    by="senior"),
            claimant_appeals(24, "It was a liner sold with the fryer."),
            decides_appeal(33, AppealStatus.UPHELD, "The manual of the liner says the same: never "
            "while preheating.", by="senior2"),
        ),
    ),
    Story(
        key="dis-10", product="escooter", who="Imogen Clarke", days_ago=61, harm=Harm.MECHANICAL,
        severity=Severity.HOSPITAL, claims={"medical": "3900.00", "lost_wages": "4700.00"},
        tells="Brakes failed on the hill by the station. Broken pelvis, eight days in hospital.",
        acts=(
            passes(1), assesses(3),
            rejects(8, "The brake was adjusted by a third party."),
            steps_in(16, "The workshop only changed a tyre, and says so in writing."),
            seller_appeals(30, "We have the workshop's invoice now: it lists 'brake service'."),
        ),
    ),
    Story(
        key="dis-11", product="rack", who="Daichi Okabe", days_ago=35, harm=Harm.FALL,
        claims={"property_damage": "164000"},
        tells="The shelf collapsed under a third of its stated load, onto a projector.",
        acts=(
            passes(1), assesses(2),
            rejects(5, "It was not fixed to the wall."),
            steps_in(12, "The manual does not ask for that.", amount="150000"),
        ),
    ),
    Story(
        key="dis-12", product="cocotte", who="Isabelle Fournier", days_ago=31, harm=Harm.MECHANICAL,
        severity=Severity.TREATMENT, claims={"medical": "680.00", "lost_wages": "920.00"},
        tells="La soupape a sauté et j'ai reçu la vapeur au visage.",
        acts=(
            passes(1), assesses(2), rejects(7, "Joint non remplacé depuis l'achat."),
            withdraws(12, "Le vendeur m'a remboursée directement, je retire ma demande."),
        ),
    ),
    Story(
        key="dis-13", product="massager", who="Frederick Olsen", days_ago=45, harm=Harm.ELECTRICAL,
        severity=Severity.TREATMENT, claims={"medical": "1540.00"},
        tells="I got a shock through the neck from it and was kept for observation.",
        acts=(
            passes(1),
            holds_back(1.5, HoldKind.FRAUD, "Bill has no letterhead."),
            assesses(2),
            rejects(5, "No such fault is possible at 12 volts."),
            releases(9, HoldKind.FRAUD, "The clinic confirmed the bill by telephone."),
            steps_in(11, "The adapter is at fault: mains voltage on the output.", by="adjuster"),
        ),
    ),
    Story(
        key="dis-14", product="dehumidifier", who="Elaine Sorensen", days_ago=40, harm=Harm.WATER,
        claims={"property_damage": "5900.00"},
        tells="It overflowed and the ceiling below came down.",
        acts=(
            passes(1), assesses(2),
            rejects(5, "The hose was not connected."),
            steps_in(10, "The float switch is broken. I propose to pay.", by="adjuster"),
            refuses(12, "Get the plumber's statement about the hose first.", by="senior2"),
            notes(15, "The plumber's statement arrived: the hose was connected."),
            steps_in(16, "With the plumber's statement.", by="adjuster"),
            approves(17, by="senior2"),
        ),
    ),
)
