"""The people of Harbor & Pine that a visitor should meet, written by hand."""

from dataclasses import dataclass, field

COLLEAGUES = (
    # name, role, email
    ("Inês Duarte", "owner", "ines@harborandpine.example"),
    ("Marcus Webb", "manager", "marcus@harborandpine.example"),
    ("Sofia Brandt", "member", "sofia@harborandpine.example"),
    ("Rui Tavares", "front_desk", "rui@harborandpine.example"),
    ("Paula Nunes", "reader", "paula@harborandpine.example"),
)


@dataclass(frozen=True)
class Moment:
    """One thing that happened `days` days ago at `hour`, logged by the colleague at this place of COLLEAGUES."""

    days: int
    kind: str
    text: str
    by: int = 0
    hour: int = 10
    outcome: str = ""


@dataclass(frozen=True)
class Character:
    """A person with a story. `related` are (name, relationship kind): what this person is to the
    other. "[24]" in a text stands for the day 24 days ago ("28 October").
    """

    given: str
    family: str
    company: str = ""
    job: str = ""
    stage: str = "regular"
    email: str = ""
    phone: str = ""
    pronouns: str = "she/her"
    city: str = "Lisbon"
    pronunciation: str = ""
    channel: str = ""
    time: str = ""
    source: str = "Referral"
    through: str = ""
    known_days: int = 700
    tags: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    openers: tuple[tuple[int, str], ...] = ()
    birthday: tuple[int, int, int | None] | None = None
    birthday_in: int | None = None
    related: tuple[tuple[str, str], ...] = ()
    moments: tuple[Moment, ...] = field(default=())


CAST = (
    Character(
        "Maya",
        "Okafor",
        "Lumen Studios",
        "Head of events",
        email="maya@lumen.example",
        phone="+351 912 555 014",
        pronunciation="MY-ah oh-KAH-for",
        channel="whatsapp",
        time="mornings",
        through="Tomás Reis",
        known_days=1350,
        tags=("events", "brings friends"),
        birthday=(9, 2, 1988),
        facts=(
            ("like", "Oat milk on Mondays, whole milk on all other days"),
            ("limit", "Allergic to hazelnut"),
            ("pet", "Dachshund Biscuit, leg surgery on [24]"),
            ("attitude", "Prefers WhatsApp over calls, mornings"),
        ),
        openers=((24, "How is Biscuit’s leg?"),),
        related=(("Studio Norte’s Marta Pires", "friend"),),
        moments=(
            Moment(3, "request", "Could we do a tasting for 40 people on the 12th?", 0, 9),
            Moment(17, "note", "The handwritten card made her week; it stands on her desk", 2),
            Moment(
                24,
                "visit",
                "Picked up 12 kg of Guji. Biscuit (dachshund) has leg surgery this afternoon; she was worried.",
                3,
                11,
            ),
            Moment(
                55,
                "meeting",
                "Planned the winter party: coffee bar, no speeches, oat milk for half",
                0,
                15,
                "agreed",
            ),
            Moment(96, "visit", "Brought Marta from Studio Norte. They stayed until the chairs went up", 3, 16),
            Moment(180, "email", "Wrote that 80 guests asked for the name of the roaster", 2),
            Moment(400, "visit", "First tasting. Wrote down every adjective", 0, 10),
        ),
    ),
    Character(
        "Tomás",
        "Reis",
        "",
        "Photographer",
        email="tomas@reis.example",
        phone="+351 913 555 027",
        pronouns="he/him",
        known_days=1600,
        source="Walk-in",
        tags=("brings friends", "neighbour"),
        birthday_in=6,
        facts=(
            ("like", "Double espresso, standing, never sitting"),
            ("family", "Son Vicente is three and calls every cup “café”"),
        ),
        openers=((40, "Which photo won in Arles?"),),
        moments=(
            Moment(8, "visit", "Photographed the new roaster for nothing. We owe him a bag", 0, 8),
            Moment(52, "visit", "Brought two people from Atelier 9 who want coffee for the office", 3, 9),
            Moment(75, "thought", "Has brought us more people than any advertisement. Thank him properly", 0),
            Moment(130, "message", "“Is the light still good at eight?” It is", 0, 7),
        ),
    ),
    Character(
        "Jonas",
        "Lindqvist",
        "Lindqvist & Sons Joinery",
        "Owner",
        stage="customer",
        email="jonas@lindqvist.example",
        phone="+351 914 555 031",
        pronouns="he/him",
        pronunciation="YOO-nas",
        known_days=500,
        tags=("wholesale",),
        facts=(
            ("limit", "Coeliac: no crumbs on the board"),
            ("work", "Built our counter; knows each knot in it"),
        ),
        openers=((12, "Did the boat get its new deck before winter?"),),
        moments=(
            Moment(
                2,
                "request",
                "Needs the allergen list for all cakes before the summer party is planned",
                2,
                11,
            ),
            Moment(31, "visit", "Oiled the counter without being asked, drank three filters", 3, 9),
            Moment(90, "call", "Ordered 4 kg of Pine Espresso for the workshop", 2, 14, "agreed"),
        ),
    ),
    Character(
        "Helena",
        "Prado",
        "",
        "Translator",
        email="helena@prado.example",
        phone="+351 915 555 046",
        known_days=900,
        source="Walk-in",
        tags=("regular", "neighbour"),
        time="Tuesday evenings",
        channel="sms",
        facts=(
            ("like", "Flat white and the crossword, in that order"),
            ("family", "Mother lives with her since May"),
        ),
        openers=((60, "How is her mother settling in?"),),
        moments=tuple(
            Moment(26 + 9 * n, "visit", text, 3, 17)
            for n, text in enumerate(
                (
                    "Quiet today. The translation of the Norwegian novel is late",
                    "Seven across was “percolate”. She was delighted",
                    "Her mother came along and approved of the cake",
                    "Flat white, crossword, a word about the rain",
                    "Finished the crossword before the cup",
                    "Asked for decaf for the first time",
                    "Left a book for Rui",
                )
            )
        ),
    ),
    Character(
        "Rafael",
        "Antunes",
        "Hotel Miradouro",
        "General manager",
        stage="lapsed",
        email="rafael@miradouro.example",
        phone="+351 916 555 058",
        pronouns="he/him",
        known_days=1000,
        tags=("wholesale",),
        source="Event",
        facts=(("attitude", "Says “no rush” and means today"),),
        openers=((70, "Have the guests stopped complaining about the breakfast coffee?"),),
        moments=(
            Moment(
                64,
                "call",
                "Unhappy: the delivery came after breakfast, for the second time",
                1,
                9,
                "call back in a week",
            ),
            Moment(94, "email", "Asked for a credit note for the late delivery", 1, 12, "sorted out"),
            Moment(125, "job", "Serviced the espresso machine, changed two gaskets", 2, 7),
            Moment(155, "meeting", "Went over the year: 40 kg a month, happy with Thursdays", 0, 15, "happy"),
            Moment(186, "call", "Ordered 40 kg for the season", 1, 10, "agreed"),
        ),
    ),
    Character(
        "Luísa",
        "Marques",
        "Café Estrela",
        "Owner",
        email="luisa@cafeestrela.example",
        phone="+351 917 555 062",
        known_days=1093,
        tags=("wholesale", "neighbour"),
        birthday_in=2,
        facts=(
            ("like", "Kayanza, but only from the new harvest"),
            ("family", "Married to a pastry chef, be careful with the cake"),
        ),
        openers=((9, "Is the new espresso machine behaving?"),),
        related=(("Helena Prado", "neighbour"),),
        moments=(
            Moment(9, "visit", "The machine she bought in Milan has arrived and nobody can read the manual", 0, 8),
            Moment(38, "call", "Doubled the weekly order until Christmas", 2, 16, "agreed"),
            Moment(70, "meeting", "Trained three baristas; milk is better, patience too", 0, 14, "happy"),
        ),
    ),
    Character(
        "Marta",
        "Pires",
        "Studio Norte",
        "Studio manager",
        stage="customer",
        email="marta@studionorte.example",
        phone="+351 918 555 073",
        through="Maya Okafor",
        known_days=96,
        tags=("subscription",),
        facts=(("limit", "Vegan"), ("like", "Filter only, and the fruitier the better")),
        openers=((15, "Has the kitchen been finished?"),),
        moments=(
            Moment(
                5,
                "call",
                "Asked about decaf for the afternoon; we answer after the next roast",
                0,
                10,
                "call back in a week",
            ),
            Moment(15, "visit", "The new studio kitchen is half open and fully dusty", 3, 9),
            Moment(44, "email", "Signed up eleven people for the office subscription", 2, 11, "agreed"),
            Moment(96, "visit", "Came with Maya, asked better questions than we had answers", 3, 16),
        ),
    ),
    Character(
        "Zé",
        "",
        "",
        "",
        email="",
        phone="+351 919 555 080",
        pronouns="he/him",
        known_days=1095,
        source="Walk-in",
        tags=("regular",),
        facts=(
            ("like", "“The usual”: a galão and toast cut in three"),
            ("attitude", "Has never told anybody his surname"),
        ),
        openers=((5, "Did the fishing club finally elect a treasurer?"),),
        moments=tuple(
            Moment(1 + 7 * n, "visit", text, 3, 7)
            for n, text in enumerate(
                (
                    "The usual. The treasurer question is open",
                    "The usual, and a mackerel for the team",
                    "The usual. Rain is coming, he says. It came",
                    "The usual",
                    "Not the usual! Asked for a flat white, then laughed",
                    "The usual",
                )
            )
        ),
    ),
)
