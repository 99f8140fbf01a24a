"""The words that say by when, in each language that `due_dates` understands: patterns, and what they mean."""

from dataclasses import dataclass

_DE_MONTHS = ("januar|jänner|jan", "februar|feber|feb", "märz|mär", "april|apr", "mai", "juni|jun", "juli|jul")
_PT_MONTHS = ("janeiro|jan", "fevereiro|fev", "março|mar", "abril|abr", "maio", "junho|jun", "julho|jul")
_ES_MONTHS = ("enero|ene", "febrero|feb", "marzo", "abril|abr", "mayo", "junio|jun", "julio|jul")
_FR_MONTHS = ("janvier|janv", "février|févr", "mars", "avril|avr", "mai", "juin", "juillet|juil")


@dataclass(frozen=True)
class DueWords:
    """How one language says by when. All are patterns; those with `|` list choices.

    `strong` leads say that a due day follows ("by"), `before` are those of them that leave the day itself out,
    `weak` ones only may ("on"), `other` ones say that it is about something else ("for"). `coming` are units that lie
    ahead ("next week"), `ending` what stands before a unit's end, `ends` single words for it. `units` are minute, hour,
    day, week, month, year. `clock` leads a time of day, `hours` may follow a bare hour.
    """

    strong: str
    before: str
    weak: str
    other: str
    article: str
    today: str
    tomorrow: str
    after_tomorrow: str
    weekdays: tuple[str, ...]
    short: str
    after: str
    coming: tuple[str, str, str, str]
    within: str
    units: tuple[str, ...]
    numbers: dict[str, int]
    ending: str
    ends: dict[str, str]
    months: tuple[str, ...]
    of: str
    ordinal: str
    morning: str
    noon: str
    afternoon: str
    evening: str
    clock: str
    hours: str


ENGLISH = DueWords(
    strong=r"by|until|till|’?til|before|due(?:\s+(?:on|by))?|(?:no|not)\s+later\s+than",
    before="before",
    weak="on|at|this",
    other="for|from|since|of|about|after",
    article=r"(?:the\s+|this\s+)?",
    today=r"today|tonight|end\s+of\s+(?:the\s+)?day|eod|cob",
    tomorrow="tomorrow|tmrw",
    after_tomorrow=r"day\s+after\s+tomorrow",
    weekdays=("monday|mon", "tuesday|tues|tue", "wednesday|wed", "thursday|thurs|thur|thu", "friday|fri",
              "saturday|sat", "sunday|sun"),
    short="mon|tue|tues|wed|thu|thur|thurs|sat|sun",
    after=r"next",
    coming=(r"next\s+week", r"next\s+month", r"this\s+week", r"this\s+month"),
    within="in|within",
    units=("minutes?|min", "hours?|hrs?", "days?", "weeks?", "months?", "years?"),
    numbers={"a couple of": 2, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
             "seven": 7, "eight": 8, "nine": 9, "ten": 10, "fourteen": 14},
    ending=r"(?:the\s+)?end\s+of\s+(?:the\s+|this\s+)?",
    ends={"year’?s end": "year", "weekend": "weekend"},
    months=("january|jan", "february|feb", "march|mar", "april|apr", "may", "june|jun", "july|jul", "august|aug",
            "september|sept|sep", "october|oct", "november|nov", "december|dec"),
    of=r"of\s+",
    ordinal="st|nd|rd|th",
    morning=r"(?:in\s+the\s+)?morning", noon="noon|midday|lunchtime", afternoon=r"(?:in\s+the\s+)?afternoon",
    evening=r"(?:in\s+the\s+)?evening|night",
    clock="at|by|before|until|till|around",
    hours=r"o[’']clock",
)  # fmt: skip
_GERMAN = DueWords(
    strong=r"bis(?:\s+spätestens)?(?:\s+(?:zum|zur|zu|am))?|spätestens(?:\s+(?:am|bis))?|vor(?:\s+(?:dem|der))?|noch",
    before=r"vor(?:\s+(?:dem|der))?",
    weak="am|an|zum|diesen|diesem",
    other="für|seit|ab|vom|nach|über",
    article=r"(?:den\s+|dem\s+|der\s+|kommenden\s+)?",
    today=r"heute|tagesende",
    tomorrow="morgen",
    after_tomorrow="übermorgen",
    weekdays=("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag|sonnabend", "sonntag"),
    short="(?!)",
    after="(?!)",
    coming=(r"(?:nächste|kommende)[rn]?\s+woche", r"(?:nächste|kommende)[nms]\s+monats?", r"diese[rn]?\s+woche",
            r"diese[nms]\s+monats?"),
    within=r"in|innerhalb\s+von|binnen",
    units=("minuten?", "stunden?", "tag(?:en?)?", "wochen?", "monat(?:en?)?", "jahr(?:en?)?"),
    numbers={"ein paar": 3, "ein": 1, "eine": 1, "einer": 1, "einem": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5,
             "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "vierzehn": 14},
    ending=r"(?:zum\s+)?ende\s+(?:der\s+|dieser\s+|des\s+|dieses\s+)?",
    ends={"monatsende": "month", "jahresende": "year", "wochenende": "weekend"},
    months=(*_DE_MONTHS, "august|aug", "september|sept|sep", "oktober|okt", "november|nov", "dezember|dez"),
    of=r"(?!)",
    ordinal=r"\.",
    morning="früh|vormittag", noon="mittag", afternoon="nachmittag", evening="abend|nacht",
    clock="um|gegen|bis|vor",
    hours="uhr",
)  # fmt: skip
_PORTUGUESE = DueWords(
    strong=r"até(?:\s+(?:a|ao|à|o))?(?:\s+dia)?|antes\s+d[eoa]|para(?:\s+(?:a|o))?",
    before=r"antes\s+d[eoa]",
    weak=r"n[ao](?:\s+dia)?|em|esta|este|dia",
    other="desde|sobre",
    article=r"(?:o\s+|a\s+|próxim[ao]\s+)?",
    today="hoje",
    tomorrow="amanhã",
    after_tomorrow=r"depois\s+de\s+amanhã",
    weekdays=("segunda-feira|segunda", "terça-feira|terça", "quarta-feira|quarta", "quinta-feira|quinta",
              "sexta-feira|sexta", "sábado", "domingo"),
    short="segunda|terça|quarta|quinta|sexta",
    after="(?!)",
    coming=(r"próxima\s+semana|semana\s+que\s+vem", r"próximo\s+mês|mês\s+que\s+vem", r"esta\s+semana", r"este\s+mês"),
    within=r"em|dentro\s+de|daqui\s+a",
    units=("minutos?", "horas?", "dias?", "semanas?", "m[eê]s(?:es)?", "anos?"),
    numbers={"um": 1, "uma": 1, "dois": 2, "duas": 2, "três": 3, "quatro": 4, "cinco": 5, "seis": 6, "sete": 7,
             "oito": 8, "nove": 9, "dez": 10, "quinze": 15},
    ending=r"(?:fim|final)\s+d[aoe]\s+",
    ends={"fim de semana": "weekend"},
    months=(*_PT_MONTHS, "agosto|ago", "setembro|set", "outubro|out", "novembro|nov", "dezembro|dez"),
    of=r"de\s+",
    ordinal="º?",
    morning=r"(?:de|da|pela)\s+manhã", noon=r"(?:ao\s+)?meio-dia", afternoon=r"(?:à|da|de)\s+tarde",
    evening=r"(?:à|da|de)\s+noite",
    clock="às|pelas|até às|antes das",
    hours="h|horas",
)  # fmt: skip
_SPANISH = DueWords(
    strong=r"hasta(?:\s+el)?|antes\s+del?|para(?:\s+el)?|a\s+más\s+tardar(?:\s+el)?",
    before=r"antes\s+del?",
    weak=r"el|este|en",
    other="desde|sobre",
    article=r"(?:el\s+|la\s+|próximo\s+)?",
    today="hoy",
    tomorrow="mañana",
    after_tomorrow=r"pasado\s+mañana",
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    short="(?!)",
    after="(?!)",
    coming=(r"próxima\s+semana|semana\s+que\s+viene", r"próximo\s+mes|mes\s+que\s+viene", r"esta\s+semana",
            r"este\s+mes"),
    within=r"en|dentro\s+de",
    units=("minutos?", "horas?", "días?", "semanas?", "mes(?:es)?", "años?"),
    numbers={"un": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
             "nueve": 9, "diez": 10, "quince": 15},
    ending=r"(?:fin|final|finales)\s+de\s+(?:la\s+)?",
    ends={"fin de semana": "weekend"},
    months=(*_ES_MONTHS, "agosto|ago", "septiembre|setiembre|sept", "octubre|oct", "noviembre|nov", "diciembre|dic"),
    of=r"de\s+",
    ordinal="º?",
    morning=r"por\s+la\s+mañana", noon=r"(?:al\s+)?mediodía", afternoon=r"por\s+la\s+tarde",
    evening=r"por\s+la\s+noche",
    clock=r"a\s+las?|antes\s+de\s+las",
    hours="h|horas",
)  # fmt: skip
_FRENCH = DueWords(
    strong=r"avant(?:\s+(?:le|la))?|jusqu['’](?:au|à)|pour(?:\s+(?:le|la))?|au\s+plus\s+tard(?:\s+le)?|d['’]ici",
    before=r"avant(?:\s+(?:le|la))?",
    weak="le|ce|à",
    other="depuis|sur",
    article=r"(?:le\s+|la\s+|au\s+)?",
    today=r"aujourd['’]hui",
    tomorrow="demain",
    after_tomorrow="après-demain",
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    short="(?!)",
    after="(?!)",
    coming=(r"semaine\s+prochaine", r"mois\s+prochain", r"cette\s+semaine", r"ce\s+mois(?:-ci)?"),
    within=r"dans|d['’]ici|sous",
    units=("minutes?", "heures?", "jours?", "semaines?", "mois", "ans?"),
    numbers={"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8,
             "neuf": 9, "dix": 10, "quinze": 15},
    ending=r"(?:la\s+)?fin\s+(?:de\s+la\s+|du\s+|de\s+l['’]|de\s+)?",
    ends={"week-end": "weekend"},
    months=(*_FR_MONTHS, "août", "septembre|sept", "octobre|oct", "novembre|nov", "décembre|déc"),
    of=r"(?!)",
    ordinal="(?:er)?",
    morning="matin", noon="midi", afternoon="après-midi", evening="soir",
    clock="à|vers",
    hours=r"h|heures?",
)  # fmt: skip
DUE_WORDS = {"en": ENGLISH, "de": _GERMAN, "pt": _PORTUGUESE, "es": _SPANISH, "fr": _FRENCH}
