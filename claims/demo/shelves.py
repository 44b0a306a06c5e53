"""What the demo's sellers list: plausible things of the kinds that people get hurt by."""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Thing:
    """A product on sale in one market; `price` is a decimal string in that market's currency."""

    sku: str
    seller: str
    market: str
    title: str
    brand: str
    category: str
    price: str


_ALL = (
    Thing(
        "kettle",
        "brightwater",
        "US",
        "Glass electric kettle 1.7 l",
        "Brightwater",
        "Kitchen",
        "42.99",
    ),
    Thing(
        "cooker",
        "brightwater",
        "US",
        "Pressure cooker 6 qt, 10 programmes",
        "Brightwater",
        "Kitchen",
        "89.99",
    ),
    Thing(
        "toaster",
        "brightwater",
        "US",
        "Four-slice toaster, wide slots",
        "Brightwater",
        "Kitchen",
        "54.50",
    ),
    Thing(
        "heater",
        "brightwater",
        "US",
        "Ceramic space heater 1500 W",
        "Brightwater",
        "Heating",
        "64.00",
    ),
    Thing(
        "dehumidifier",
        "brightwater",
        "US",
        "Dehumidifier 22 pint",
        "Brightwater",
        "Heating",
        "179.00",
    ),
    Thing("powerbank", "volt", "US", "Power bank 26,800 mAh", "VoltEmber", "Batteries", "35.99"),
    Thing(
        "hoverboard",
        "volt",
        "US",
        "Hoverboard 6.5 inch with lights",
        "VoltEmber",
        "Mobility",
        "189.00",
    ),
    Thing(
        "scooter",
        "volt",
        "US",
        "Electric scooter, 25 miles range",
        "VoltEmber",
        "Mobility",
        "399.00",
    ),
    Thing("charger", "volt", "US", "Six-port USB charger 120 W", "VoltEmber", "Batteries", "28.75"),
    Thing("ladder", "pinecrest", "US", "Telescopic ladder 12.5 ft", "Pinecrest", "Tools", "139.00"),
    Thing(
        "stepstool",
        "pinecrest",
        "US",
        "Folding step stool, three steps",
        "Pinecrest",
        "Tools",
        "49.95",
    ),
    Thing("grinder", "pinecrest", "US", "Angle grinder 7.5 A", "Pinecrest", "Tools", "74.99"),
    Thing(
        "strips",
        "lumina",
        "US",
        "LED strip lights 65 ft with adapter",
        "Lumina",
        "Lighting",
        "24.99",
    ),
    Thing(
        "lamp", "lumina", "US", "Desk lamp with wireless charging", "Lumina", "Lighting", "45.99"
    ),
    Thing("blanket", "lumina", "US", "Heated throw blanket 50 x 60", "Lumina", "Heating", "39.99"),
    Thing("hairdryer", "lumina", "US", "Ionic hair dryer 1875 W", "Lumina", "Beauty", "32.50"),
    Thing("stacker", "otter", "US", "Wooden stacking rings", "Little Otter", "Toys", "18.00"),
    Thing(
        "magnets",
        "otter",
        "US",
        "Magnetic building tiles, 60 pieces",
        "Little Otter",
        "Toys",
        "34.00",
    ),
    Thing(
        "speaker", "redwood", "US", "Portable speaker with battery", "Redwood", "Audio", "119.00"
    ),
    Thing(
        "headphones", "redwood", "US", "Over-ear headphones, wireless", "Redwood", "Audio", "149.00"
    ),
    Thing("airfryer", "sunfield", "US", "Air fryer 5.8 qt", "Sunfield", "Kitchen", "79.99"),
    Thing("massager", "sunfield", "US", "Neck massager with heat", "Sunfield", "Beauty", "46.99"),
    Thing(
        "chair", "sunfield", "US", "Folding garden chair, set of two", "Sunfield", "Garden", "68.00"
    ),
    Thing(
        "pan", "thornbury", "UK", "Frying pan 28 cm with glass lid", "Thornbury", "Kitchen", "32.00"
    ),
    Thing(
        "blender",
        "thornbury",
        "UK",
        "Soup maker and blender 1.6 l",
        "Thornbury",
        "Kitchen",
        "64.99",
    ),
    Thing("slowcooker", "thornbury", "UK", "Slow cooker 3.5 l", "Thornbury", "Kitchen", "38.50"),
    Thing("escooter", "halden", "UK", "Commuter e-scooter 350 W", "Halden", "Mobility", "349.00"),
    Thing(
        "ebike", "halden", "UK", "E-bike conversion battery 36 V", "Halden", "Mobility", "279.00"
    ),
    Thing(
        "wasserkocher",
        "nordlicht",
        "DE",
        "Wasserkocher Edelstahl 1,5 l",
        "Nordlicht",
        "Kitchen",
        "39.90",
    ),
    Thing(
        "raclette",
        "nordlicht",
        "DE",
        "Raclette-Grill für acht Personen",
        "Nordlicht",
        "Kitchen",
        "69.90",
    ),
    Thing(
        "leiter", "nordlicht", "DE", "Stehleiter Alu, sechs Stufen", "Nordlicht", "Tools", "89.00"
    ),
    Thing(
        "netzteil",
        "kraftwerk",
        "DE",
        "Notebook-Netzteil 90 W universal",
        "Kraftzelle",
        "Batteries",
        "27.90",
    ),
    Thing(
        "akku", "kraftwerk", "DE", "Ersatzakku für Staubsauger", "Kraftzelle", "Batteries", "44.90"
    ),
    Thing("bougie", "lavande", "FR", "Bougie parfumée à trois mèches", "Lavande", "Home", "24.00"),
    Thing("cocotte", "lavande", "FR", "Cocotte-minute 6 l inox", "Lavande", "Kitchen", "79.00"),
    Thing("kamin", "fjallbo", "SE", "Friluftskök gasol, två lågor", "Fjällbo", "Outdoor", "899.00"),
    Thing("pulka", "fjallbo", "SE", "Barnpulka med sele", "Fjällbo", "Outdoor", "1249.00"),
    Thing("wiertarka", "wisla", "PL", "Wiertarko-wkrętarka 18 V", "Wisła", "Tools", "329.00"),
    Thing("drabina", "wisla", "PL", "Drabina aluminiowa 3 x 9", "Wisła", "Tools", "459.00"),
    Thing("stove", "sakura", "JP", "Table-top induction cooker", "Sakura", "Kitchen", "12800"),
    Thing(
        "rack", "sakura", "JP", "Steel storage rack, five shelves", "Sakura", "Furniture", "9800"
    ),
    Thing(
        "licuadora", "valle", "MX", "Licuadora de vidrio 1.5 l", "Del Valle", "Kitchen", "899.00"
    ),
    Thing(
        "ventilador",
        "valle",
        "MX",
        "Ventilador de pedestal 18 pulgadas",
        "Del Valle",
        "Heating",
        "749.00",
    ),
    Thing("canoe", "maple", "CA", "Roof rack for canoes", "Maple Ridge", "Outdoor", "219.00"),
    Thing("stovetop", "maple", "CA", "Camp stove, two burners", "Maple Ridge", "Outdoor", "129.00"),
    Thing("hammock", "maple", "CA", "Hammock with steel frame", "Maple Ridge", "Outdoor", "169.00"),
)
THINGS = MappingProxyType({thing.sku: thing for thing in _ALL})
