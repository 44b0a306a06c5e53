"""Within the ceiling: paid with no wait for the seller; absorbed, or proof is asked for."""

from claims.demo.acts import (
    assesses,
    decides_appeal,
    passes,
    proves_cover,
    seller_adds,
    seller_appeals,
    withholds,
    writes_off,
)
from claims.demo.story import Story
from claims.models import AppealStatus, Harm, Severity

STORIES = (
    # cover was in force: the marketplace absorbs it
    Story(
        key="abs-01", product="kettle", who="Deborah Lang", days_ago=14, harm=Harm.WATER,
        severity=Severity.FIRST_AID, claims={"medical": "120.00", "purchase_price": "42.99"},
        tells="The handle came off while I was pouring. Scalded foot, thankfully only a little.",
        acts=(passes(1), assesses(2, "Clear photographs, small bill.")),
    ),
    Story(
        key="abs-02", product="toaster", who="Gregory Tate", days_ago=37, harm=Harm.FIRE,
        claims={"property_damage": "460.00", "purchase_price": "54.50"},
        tells="It burnt the bread, then itself, then the underside of the cabinet.",
        acts=(passes(1), assesses(2, property_damage="410.00", purchase_price="54.50"),
              seller_adds(4, "The customer used it under the cabinet, against the manual.")),
    ),
    Story(
        key="abs-03", product="stepstool", who="Marion Ellery", days_ago=53, harm=Harm.FALL,
        severity=Severity.TREATMENT, claims={"medical": "540.00"},
        tells="A rubber foot slid off and the stool went sideways. Wrist in a splint for two weeks.",
        acts=(passes(1), assesses(2), seller_appeals(20, "The foot in the photograph is not ours."),
              decides_appeal(26, AppealStatus.UPHELD, "The foot carries your part number.")),
    ),
    Story(
        key="abs-04", product="slowcooker", who="Bethan Morris", days_ago=22, harm=Harm.MECHANICAL,
        claims={"property_damage": "140.00", "purchase_price": "38.50"},
        tells="The pot cracked in two and curry went all over the new worktop.",
        acts=(passes(1), assesses(2)),
    ),
    Story(
        key="abs-05", product="wasserkocher", who="Ulrike Sommer", days_ago=12, harm=Harm.WATER,
        severity=Severity.FIRST_AID, claims={"medical": "85.00", "purchase_price": "39.90"},
        tells="Der Deckel springt beim Gießen auf, heißes Wasser über die Hand.",
        acts=(passes(1), assesses(2)),
    ),
    Story(
        key="abs-06", product="hammock", who="Chloe Bouchard", days_ago=18, harm=Harm.FALL,
        claims={"purchase_price": "169.00", "property_damage": "220.00"},
        tells="A strap tore with two of us in it and the frame went through the deck lantern.",
        acts=(passes(1), assesses(2)),
    ),
    Story(
        key="abs-07", product="pulka", who="Oskar Lindgren", days_ago=16, harm=Harm.CUT,
        severity=Severity.FIRST_AID, claims={"medical": "350.00", "purchase_price": "1249.00"},
        tells="Vass kant på insidan, min dotter skar sig i handen genom vanten.",
        acts=(passes(1), assesses(2)),
    ),
    Story(
        key="abs-08", product="rack", who="Mei Fujimoto", days_ago=26, harm=Harm.FALL,
        claims={"property_damage": "38000", "purchase_price": "9800"},
        tells="Two brackets bent on the first day and my speakers fell to the floor.",
        acts=(passes(1), assesses(2)),
    ),
    # no cover required of so small a seller
    Story(
        key="abs-09", product="stacker", who="Hannah Birch", days_ago=46, harm=Harm.INGESTION,
        severity=Severity.FIRST_AID, claims={"medical": "210.00", "purchase_price": "18.00"},
        tells="A splinter the length of a match came off the base and into my baby's gum.",
        acts=(passes(1), assesses(2)),
    ),
    Story(
        key="abs-10", product="bougie", who="Camille Girard", days_ago=34, harm=Harm.FIRE,
        claims={"property_damage": "480.00", "purchase_price": "24.00"},
        tells="Le verre a éclaté pendant la nuit, la cire a coulé et le meuble a brûlé.",
        acts=(passes(1), assesses(2)),
    ),
    # required and not proven: seven days to prove it
    Story(
        key="abs-11", product="lamp", who="Brooke Salinger", days_ago=5, harm=Harm.ELECTRICAL,
        claims={"property_damage": "540.00"},
        tells="The base melted and left a hole in my desk.",
        acts=(passes(1), assesses(2)),
    ),
    Story(
        key="abs-12", product="massager", who="Leticia Moore", days_ago=7, harm=Harm.ELECTRICAL,
        severity=Severity.FIRST_AID, claims={"medical": "280.00", "purchase_price": "46.99"},
        tells="It heats on one spot only and left a blister on my neck.",
        acts=(passes(1), assesses(2)),
    ),
    Story(
        key="abs-13", product="wiertarka", who="Tomasz Lis", days_ago=6, harm=Harm.BATTERY,
        claims={"property_damage": "1900.00", "purchase_price": "329.00"},
        tells="Bateria wybrzuszyła się i przepaliła blat.",
        acts=(passes(1), assesses(2)),
    ),
    # proven in time: waived
    Story(
        key="abs-14", product="headphones", who="Nicole Farrar", days_ago=40, harm=Harm.BATTERY,
        claims={"property_damage": "610.00", "purchase_price": "149.00"},
        tells="They melted into the leather seat of my car on an ordinary day in June.",
        acts=(passes(1), assesses(2), proves_cover(6)),
    ),
    # not proven: demanded, withheld, written off
    Story(
        key="abs-15", product="airfryer", who="Jerome Watkins", days_ago=24, harm=Harm.FIRE,
        claims={"property_damage": "720.00", "purchase_price": "79.99"},
        tells="Smoke, then sparks from the display. The counter is burnt where it stood.",
        acts=(passes(1), assesses(2)),
    ),
    Story(
        key="abs-16", product="hairdryer", who="Cynthia Rowe", days_ago=42, harm=Harm.FIRE,
        severity=Severity.FIRST_AID, claims={"medical": "90.00", "property_damage": "430.00"},
        tells="It threw sparks at the intake and set the towel on fire.",
        acts=(passes(1), assesses(2), withholds(14)),
    ),
    Story(
        key="abs-17", product="chair", who="Douglas Finch", days_ago=78, harm=Harm.FALL,
        severity=Severity.FIRST_AID, claims={"medical": "240.00", "purchase_price": "68.00"},
        tells="The rivet popped out and I sat down on the flagstones, hard.",
        acts=(passes(1), assesses(2), writes_off(45, "Below the cost of collecting it.")),
    ),
    Story(
        key="abs-18", product="strips", who="Renee Calderon", days_ago=57, harm=Harm.ELECTRICAL,
        claims={"property_damage": "870.00", "purchase_price": "24.99"},
        tells="A short in the controller burnt the shelf and took the games console with it.",
        acts=(passes(1), assesses(2),
              seller_appeals(20, "Serial number shows that it was bought from somebody else."),
              decides_appeal(29, AppealStatus.OVERTURNED, "The serial number is not of this "
              "order. The customer keeps the money, the seller owes nothing.")),
    ),
)
