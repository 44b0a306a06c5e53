"""Silence and acceptance: paid by themselves, or barred and with a person."""

from datetime import date

from claims.demo.acts import (
    accepts,
    approves,
    assesses,
    collects,
    letter_bounces,
    notes,
    passes,
    rejects,
    steps_in,
)
from claims.demo.story import Story
from claims.models import Harm, Severity

STORIES = (
    # silent, paid automatically; the cost is demanded from the seller
    Story(
        key="sil-01",
        product="strips",
        who="Monique Baptiste",
        days_ago=21,
        harm=Harm.FIRE,
        claims={"property_damage": "1875.00"},
        tells="The strip overheated behind the headboard and the wallpaper caught fire.",
        acts=(passes(1), assesses(2, "Repair bill and fire officer's note agree.")),
    ),
    Story(
        key="sil-03",
        product="netzteil",
        who="Miriam Osterkamp",
        days_ago=26,
        harm=Harm.ELECTRICAL,
        claims={"property_damage": "1849.00"},
        tells="Das Netzteil hat mein Notebook zerstört, laut Werkstatt Überspannung am Ausgang.",
        acts=(passes(1), assesses(2, "Werkstattbericht liegt bei.")),
    ),
    Story(
        key="sil-04",
        product="wiertarka",
        who="Agnieszka Wróbel",
        days_ago=33,
        harm=Harm.FIRE,
        claims={"property_damage": "7900.00"},
        tells="Bateria zapaliła się w ładowarce, spłonął warsztat w garażu.",
        acts=(passes(1), assesses(2)),
    ),
    Story(
        key="sil-05",
        product="hoverboard",
        who="Keisha Monroe",
        days_ago=80,
        harm=Harm.BATTERY,
        claims={"property_damage": "4210.00", "purchase_price": "189.00"},
        tells="My son put it on the charger before school. At ten the neighbour called: smoke from "
        "the window. The bedroom is a total loss.",
        acts=(
            passes(1),
            assesses(2),
            collects(30, "seller", "1500.00"),
            notes(31, "First of three instalments; the seller confirmed the plan in writing."),
        ),
    ),
    # silent, and something bars the automatic payment
    Story(
        key="sil-06",
        product="powerbank",
        who="Evan Castellano",
        days_ago=20,
        harm=Harm.BATTERY,
        severity=Severity.TREATMENT,
        born_on=date(2011, 3, 14),
        claims={"medical": "1890.00"},
        tells="I am writing for my son Evan. The power bank was in his trouser pocket at school "
        "and burnt him badly on the thigh.",
        acts=(passes(1), assesses(2)),
    ),
    Story(
        key="sil-08",
        product="hairdryer",
        who="Teresa Malone",
        days_ago=18,
        harm=Harm.FIRE,
        claims={"property_damage": "1640.00"},
        tells="Flames out of the front while my daughter dried her hair. Nobody was hurt but the "
        "bathroom cabinet burnt.",
        acts=(passes(1), assesses(2), letter_bounces(2.3)),
    ),
    Story(
        key="sil-09",
        product="ebike",
        who="Declan Foster",
        days_ago=32,
        harm=Harm.BATTERY,
        claims={"property_damage": "27400.00", "purchase_price": "279.00"},
        tells="The battery went up in the hallway at four in the morning. We got out of the back "
        "window. Hall, stairs and the front bedroom are gutted.",
        acts=(passes(1), assesses(3, "Fire service report and the surveyor's figures.")),
    ),
    Story(
        key="sil-10",
        product="scooter",
        who="Andre Whitfield",
        days_ago=23,
        harm=Harm.MECHANICAL,
        severity=Severity.GRIEVOUS,
        claims={"medical": "18400.00", "lost_wages": "5200.00"},
        tells="The front wheel locked at full speed. I have a fractured skull and I am still in "
        "rehabilitation; my sister types this for me.",
        acts=(passes(1), assesses(2)),
    ),
    # silent first, then an answer after the deadline: a person looks
    Story(
        key="sil-11",
        product="powerbank",
        who="Lorraine Beck",
        days_ago=17,
        harm=Harm.ELECTRICAL,
        gives_payee=False,
        claims={"property_damage": "1290.00"},
        tells="Two phones died on it in the same night, and it has melted into the shelf.",
        acts=(
            passes(1),
            assesses(2),
            rejects(
                13,
                "Our test of the same batch shows no fault. We "
                "saw your letter late because of the holidays.",
            ),
        ),
    ),
    # accepted
    Story(
        key="sil-12",
        product="toaster",
        who="Melissa Grady",
        days_ago=28,
        harm=Harm.FIRE,
        claims={"property_damage": "1520.00", "purchase_price": "54.50"},
        tells="It did not pop up and went on heating until the cupboard above was on fire.",
        acts=(
            passes(1),
            assesses(2),
            accepts(4, "This lot was recalled by us in May. Please pay Ms Grady."),
        ),
    ),
    Story(
        key="sil-13",
        product="raclette",
        who="Karin Hoffmeister",
        days_ago=43,
        harm=Harm.FIRE,
        claims={"property_damage": "1380.00"},
        tells="Stichflamme am Stecker, Parkett und Teppich sind verbrannt.",
        acts=(
            passes(1),
            assesses(2),
            accepts(6, "Wir erkennen den Schaden an."),
            collects(25, "seller", "1380.00"),
        ),
    ),
    # above the automatic limit: two people paid it
    Story(
        key="sil-15",
        product="hoverboard",
        who="Charlotte Engel",
        days_ago=65,
        harm=Harm.BATTERY,
        claims={"property_damage": "42600.00"},
        tells="The whole garage burnt, with the car in it. The fire marshal's report names the "
        "hoverboard's battery.",
        acts=(
            passes(1),
            assesses(2),
            steps_in(13, "Marshal's report and the restorer's invoice. I propose to pay in full."),
            approves(15, by="senior2"),
        ),
    ),
)
