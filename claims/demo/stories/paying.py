"""Payments with a story of their own: held back, refused, in doubt, returned, about to leave."""

from claims.demo.acts import (
    accepts,
    assesses,
    changes_payee,
    holds_back,
    next_payment_fails,
    passes,
    payment_returns,
)
from claims.demo.story import Story
from claims.models import Harm, HoldKind, Severity

STORIES = (
    Story(
        key="pay-01", product="kettle", who="Josephine Blake", days_ago=8, harm=Harm.FIRE,
        gives_payee=False, claims={"property_damage": "380.00", "purchase_price": "42.99"},
        tells="Smoke out of the base, then a small fire on the tray. Please tell me where to give "
        "my bank details, I did not find the page.",
        acts=(passes(1), assesses(3)),
    ),
    Story(
        key="pay-02", product="ladder", who="Russell Vance", days_ago=15, harm=Harm.FALL,
        severity=Severity.TREATMENT, gives_payee=False, claims={"medical": "1870.00"},
        tells="The lowest section telescoped in and I landed on my back.",
        acts=(passes(1), assesses(2), accepts(5, "We accept, and we have stopped selling it.")),
    ),
    Story(
        key="pay-03", product="heater", who="Angela Whitcombe", days_ago=6, harm=Harm.FIRE,
        claims={"property_damage": "910.00"},
        tells="The grille got so hot that it melted and dripped onto the laminate.",
        acts=(next_payment_fails(1, "refuse"), passes(1.5), assesses(3)),
    ),
    Story(
        key="pay-04", product="cooker", who="Terrence Boyd", days_ago=5.5, harm=Harm.MECHANICAL,
        gives_payee=False, claims={"property_damage": "620.00"},
        tells="The gasket blew and the wall unit is full of soup.",
        acts=(passes(1), assesses(2), changes_payee(4.5)),
    ),
    Story(
        key="pay-05", product="grinder", who="Malcolm Reeves", days_ago=4, harm=Harm.CUT,
        severity=Severity.TREATMENT, gives_payee=False, claims={"medical": "870.00"},
        tells="The guard has a burr that cut through my glove.",
        acts=(passes(1), assesses(2), holds_back(3, HoldKind.FRAUD, "The bill's number appears "
        "twice in our books: compare before it is paid.")),
    ),
    Story(
        key="pay-06", product="stovetop", who="Audrey Lavoie", days_ago=32, harm=Harm.FIRE,
        claims={"property_damage": "780.00"},
        tells="Un brûleur a continué à brûler après la fermeture et la nappe a pris feu.",
        acts=(next_payment_fails(1, "error_500_after"), passes(1.5), assesses(3)),
    ),
    Story(
        key="pay-07", product="blender", who="Rhys Bevan", days_ago=24, harm=Harm.CUT,
        severity=Severity.FIRST_AID, claims={"medical": "60.00", "purchase_price": "64.99"},
        tells="The jug base has a sharp seam and I cut my palm twisting it off.",
        acts=(passes(1), assesses(2), payment_returns(6)),
    ),
    # approved just now: the workers pay these when they start
    Story(
        key="pay-08", product="raclette", who="Friederike Neumann", days_ago=3.5, harm=Harm.CUT,
        severity=Severity.FIRST_AID, claims={"medical": "70.00", "purchase_price": "69.90"},
        pays_while_loading=False,
        tells="Ein Pfännchen hat eine scharfe Kante, Schnitt am Daumen beim Abwaschen.",
        acts=(passes(1), assesses(3.4)),
    ),
    Story(
        key="pay-09", product="hammock", who="Spencer Holt", days_ago=2.5, harm=Harm.FALL,
        claims={"purchase_price": "169.00"}, pays_while_loading=False,
        tells="The steel frame bent on the second evening, with only me in it.",
        acts=(passes(1), assesses(2.45)),
    ),
)
