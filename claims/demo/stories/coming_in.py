"""Reported, screened out, not eligible, asked about, abandoned, reopened, taken back."""

from datetime import date

from claims.demo.acts import (
    asks,
    assesses,
    claimant_appeals,
    decides_appeal,
    notes,
    passes,
    replies,
    screens_out,
    withdraws,
)
from claims.demo.story import Story
from claims.models import AppealStatus, Harm, Medicare, Severity

STORIES = (
    # waiting to be screened
    Story(
        key="in-01", product="airfryer", who="Denise Calloway", days_ago=0.1, harm=Harm.FIRE,
        claims={"property_damage": "640.00", "purchase_price": "79.99"},
        tells="Third time I used it, flames came out of the back vent. The wall behind it is black "
        "and the socket has melted. I have kept the air fryer in the garage.",
    ),
    Story(
        key="in-02", product="magnets", who="Trevor Nguyen", days_ago=0.4, harm=Harm.INGESTION,
        severity=Severity.HOSPITAL, claims={"medical": "8940.00", "purchase_price": "34.00"},
        born_on=date(1988, 2, 9),
        tells="One of the tiles cracked at the seam and two small magnets came out. Our son, he is "
        "three, swallowed both before we noticed. He was operated on the same night. He is home "
        "now and doing well, but we want this product looked at.",
    ),
    Story(
        key="in-03", product="pan", who="Harriet Marsh", days_ago=0.7, harm=Harm.MECHANICAL,
        severity=Severity.FIRST_AID, claims={"property_damage": "85.00", "purchase_price": "32.00"},
        tells="The lid shattered on the table about ten minutes after I took it off the hob. Glass "
        "everywhere, small cuts on my hand, tablecloth and floor scratched.",
    ),
    Story(
        key="in-04", product="raclette", who="Jürgen Paulsen", days_ago=1.2, harm=Harm.ELECTRICAL,
        claims={"property_damage": "310.00", "purchase_price": "69.90"},
        tells="Beim dritten Abend hat es geknallt, die Sicherung ist geflogen und die Tischplatte "
        "hat jetzt einen Brandfleck. Das Kabel war innen blank. Fotos habe ich.",
    ),
    Story(
        key="in-05", product="licuadora", who="Mariana Fuentes", days_ago=1.6, harm=Harm.CUT,
        severity=Severity.TREATMENT, claims={"medical": "4200.00", "purchase_price": "899.00"},
        tells="El vaso se rompió mientras licuaba fruta fría, sin golpe. Me cortó la mano y me "
        "pusieron cinco puntos en urgencias.",
    ),
    Story(
        key="in-06", product="powerbank", who="Owen Prescott", days_ago=2.0, harm=Harm.BATTERY,
        claims={"property_damage": "480.00", "purchase_price": "35.99"},
        tells="It was charging on the sofa and started hissing. By the time I got it outside it had "
        "burnt through the cushion and the carpet.",
    ),
    # not eligible, told at once
    Story(
        key="in-07", product="toaster", who="Gloria Whitman", days_ago=33, incident=140,
        harm=Harm.FIRE, claims={"property_damage": "900.00"},
        tells="The toaster set fire to the blind in spring. I only heard about this programme last "
        "week from my neighbour.",
    ),
    Story(
        key="in-08", product="speaker", who="Anton Reyes", days_ago=21, harm=Harm.BATTERY,
        claims={"property_damage": "1250000.00"},
        tells="The speaker burnt and my boat with it. The boat was worth one and a quarter million.",
    ),
    # screened out, one of them with an appeal that reopened it
    Story(
        key="in-09", product="massager", who="Kyle Brandtner", days_ago=47, harm=Harm.OTHER,
        claims={"pain_and_suffering": "3000.00", "purchase_price": "46.99"},
        tells="It does not massage as strong as in the video and I suffer because of that.",
        acts=(screens_out(2, "No defect and no loss is described; it is a complaint about power."),),
    ),
    Story(
        key="in-10", product="chair", who="Bernadette Lowell", days_ago=52, harm=Harm.FALL,
        severity=Severity.TREATMENT, claims={"medical": "690.00", "purchase_price": "68.00"},
        tells="The chair went down under me at my daughter's party.",
        acts=(
            screens_out(3, "No photograph and no bill although asked twice by telephone."),
            claimant_appeals(14, "I was in the cottage and had no signal. Here are the bill of the "
            "urgent care and two photographs of the broken rivet."),
            decides_appeal(19, AppealStatus.OVERTURNED, "The bill and the rivet are clear. The "
            "claim deserves an assessment."),
            notes(20, "Rivet photographs look like a batch problem: ask Sunfield for the lot."),
        ),
    ),
    # questions to the claimant
    Story(
        key="in-11", product="blanket", who="Ruth Adeyemi", days_ago=6, harm=Harm.FIRE,
        severity=Severity.FIRST_AID, claims={"property_damage": "260.00", "medical": "95.00"},
        tells="I woke up because my leg was hot. There is a hole in the blanket and in the sheet.",
        acts=(asks(2, "Please send us a photograph of the label on the cable and tell us how long "
        "the blanket had been switched on."),),
    ),
    Story(
        key="in-12", product="escooter", who="Callum Reid", days_ago=11, harm=Harm.MECHANICAL,
        severity=Severity.TREATMENT, claims={"lost_wages": "720.00", "medical": "140.00"},
        tells="The folding latch opened while I was riding to work. I broke two fingers and was off "
        "work for a week.",
        acts=(asks(4, "Please send us a letter of your employer about the days that you missed."),),
    ),
    Story(
        key="in-13", product="canoe", who="Étienne Gagnon", days_ago=9, harm=Harm.MECHANICAL,
        claims={"property_damage": "1850.00", "purchase_price": "219.00"},
        tells="The front bracket let go on the 401 and the canoe hit the roof and the rear window.",
        acts=(
            passes(1),
            asks(2, "The estimate of the body shop is cut off after the first page. Please send us "
            "the second one too."),
        ),
    ),
    Story(
        key="in-14", product="wasserkocher", who="Sabine Kröger", days_ago=41, harm=Harm.WATER,
        claims={"property_damage": "420.00"},
        tells="Der Boden ist undicht, das Wasser ist über Nacht in die Arbeitsplatte gezogen.",
        acts=(asks(3, "Bitte schicken Sie uns ein Foto der Unterseite und die Rechnung des "
        "Schreiners."),),
    ),
    Story(
        key="in-15", product="lamp", who="Priscilla Yount", days_ago=60, harm=Harm.ELECTRICAL,
        claims={"property_damage": "350.00", "purchase_price": "45.99"},
        tells="My phone was on the charging pad and now the phone is dead and swollen.",
        acts=(asks(2, "Which telephone was it, and what did it cost you?"),),
    ),
    Story(
        key="in-16", product="hammock", who="Liam O'Connor", days_ago=38, harm=Harm.FALL,
        severity=Severity.FIRST_AID, claims={"purchase_price": "169.00", "medical": "60.00"},
        tells="A weld of the frame broke and I landed on the patio.",
        acts=(
            asks(1, "Please photograph the broken weld from close up."),
            replies(24, "Sorry, I was away for work. Photographs are uploaded now."),
            notes(26, "Reopened in time: 90 days since the incident are not over."),
        ),
    ),
    # in assessment
    Story(
        key="in-17", product="heater", who="Nathan Fuller", days_ago=3, harm=Harm.FIRE,
        claims={"property_damage": "2875.00", "purchase_price": "64.00", "consequential": "500.00"},
        tells="The heater tipped over when the cat jumped on it and did not switch off as the manual "
        "says it would. The rug and part of the oak floor burnt.",
        acts=(passes(1),),
    ),
    Story(
        key="in-18", product="stacker", who="Abigail Stone", days_ago=2.4, harm=Harm.INGESTION,
        severity=Severity.FIRST_AID, claims={"medical": "180.00", "purchase_price": "18.00"},
        tells="Paint came off the red ring in flakes. My daughter had it all around her mouth and "
        "the poison line sent us to the doctor.",
        acts=(passes(1),),
    ),
    Story(
        key="in-19", product="cocotte", who="Mathilde Roussel", days_ago=5, harm=Harm.MECHANICAL,
        severity=Severity.TREATMENT, claims={"medical": "340.00", "property_damage": "520.00"},
        tells="Le couvercle s'est ouvert sous pression. J'ai été brûlée au bras et le plafond de la "
        "cuisine est à repeindre.",
        acts=(passes(1.2),),
    ),
    Story(
        key="in-20", product="drabina", who="Krzysztof Malinowski", days_ago=4, harm=Harm.FALL,
        severity=Severity.TREATMENT, claims={"medical": "2100.00", "lost_wages": "3400.00"},
        tells="Pękła blokada środkowego segmentu i spadłem z dwóch metrów. Złamany nadgarstek, trzy "
        "tygodnie zwolnienia.",
        acts=(passes(1.5),),
    ),
    # nothing proven, and an appeal that did not help
    Story(
        key="in-21", product="charger", who="Wesley Grant", days_ago=66, harm=Harm.ELECTRICAL,
        claims={"property_damage": "1399.00"},
        tells="My laptop stopped working after I used this charger.",
        acts=(
            passes(2),
            assesses(6, "The repair shop found a liquid spill; nothing points to the charger.",
                     property_damage="0.00"),
            claimant_appeals(15, "The shop only looked at the outside. I want a second opinion."),
            decides_appeal(22, AppealStatus.UPHELD, "No new fact about the charger was given."),
        ),
    ),
    # taken back
    Story(
        key="in-22", product="hairdryer", who="Simone Archer", days_ago=29, harm=Harm.ELECTRICAL,
        claims={"property_damage": "75.00", "purchase_price": "32.50"},
        tells="It sparked at the plug and there is a scorch mark on the vanity.",
        acts=(passes(1), withdraws(4, "The mark came off with polish, and the shop refunded me.")),
    ),
    Story(
        key="in-23", product="pulka", who="Ingrid Sundström", days_ago=44, harm=Harm.MECHANICAL,
        claims={"purchase_price": "1249.00"},
        tells="Dragstången gick av mitt ute på sjön, som tur var utan barn i pulkan.",
        acts=(withdraws(2, "Säljaren skickade en ny dragstång samma dag."),),
    ),
    # Medicare is not known yet
    Story(
        key="in-24", product="stepstool", who="Harold Jennings", days_ago=7, harm=Harm.FALL,
        severity=Severity.TREATMENT, medicare=Medicare.UNKNOWN, born_on=date(1955, 6, 30),
        claims={"medical": "880.00", "purchase_price": "49.95"},
        tells="The top step folded while I changed a bulb. I am seventy and I was lucky: a sprained "
        "wrist and stitches over the eye.",
        acts=(passes(1), assesses(3, "Bills agree; the hinge pin is missing in the photograph.")),
    ),
)
