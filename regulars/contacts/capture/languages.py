"""Puts what a line says about when into English, so that one reader of dates serves every language.

`in_english("Rief gestern Abend um 19 Uhr an", ["de"])` is "Rief yesterday evening at 19:00 an", and knows where each
piece stood. English is always understood; a language adds its own words for days, weekdays, months, "ago" and the
clock. Only whole phrases about time are replaced: everything else stays as it was typed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

# What people write in a country whose language the interface may not speak.
_SPOKEN = {
    **dict.fromkeys(("DE", "AT", "CH", "LI", "LU"), "de"),
    **dict.fromkeys(("PT", "BR", "AO", "MZ", "CV"), "pt"),
    **dict.fromkeys(("ES", "MX", "AR", "CO", "CL", "PE", "UY", "EC", "CR", "PA", "DO", "GT", "PY", "BO"), "es"),
    **dict.fromkeys(("FR", "BE", "MC", "SN", "CI"), "fr"),
}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)


@dataclass(frozen=True)
class Line:
    """A line in English. `pieces` are (start, end) here and (start, end) in what was typed."""

    text: str
    pieces: list[tuple[int, int, int, int]]

    def typed_start(self, index: int) -> int:
        """Where what starts at `index` here started in what was typed."""
        return self._typed(index, ends=False)

    def typed_end(self, index: int) -> int:
        """Where what ends at `index` here ended in what was typed."""
        return self._typed(index, ends=True)

    def _typed(self, index: int, *, ends: bool) -> int:
        shift = 0
        for start, end, typed_start, typed_end in self.pieces:
            if index < start or (ends and index == start):
                break
            if index < end or (ends and index == end):
                return typed_end if ends else typed_start
            shift = typed_end - end
        return index + shift


@dataclass(frozen=True)
class _Language:
    """Patterns of one language, with the groups day, part, this, n, unit, lead, weekday, past, dom, month, year,
    month_lead, last, at, hour, minute; and what their words are in English."""

    patterns: tuple[str, ...]
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    english: dict[str, str] = field(default_factory=dict)


_GERMAN = _Language(
    patterns=(
        r"(?P<day>vorgestern|gestern|heute)(?:\s+(?P<part>früh|morgen|vormittag|mittag|nachmittag|abend|nacht)\b)?",
        r"vor\s+(?P<n>{n})\s+(?P<unit>minuten?|stunden?|tag(?:en)?|wochen?|monat(?:en)?|jahr(?:en)?)",
        r"(?:letzte|vorige|vergangene)[nrms]?\s+(?P<last>woche|monat)",
        r"(?:(?P<lead>am|letzten|vorigen|vergangenen|diesen|nächsten|kommenden|jeden|bis(?:\s+zum)?|ab|seit|vor|nach|für)"
        r"\s+)?(?P<weekday>{weekday})",
        r"(?:(?P<month_lead>am|vom|bis(?:\s+zum)?|ab|seit|vor|nach|für)\s+(?:dem\s+)?)?(?P<dom>\d{{1,2}})\.\s*"
        r"(?P<month>{month})\.?(?:\s+(?P<year>\d{{4}}))?",
        r"(?:(?P<at>um|gegen)\s+)(?P<hour>\d{{1,2}})(?:[:.](?P<minute>\d\d))?(?:\s*uhr)?(?!\s?%|[.,:]\d)",
        r"(?P<hour2>\d{{1,2}})(?:[:.](?P<minute2>\d\d))?\s*uhr",
    ),
    weekdays=("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag|sonnabend", "sonntag"),
    months=(
        *("januar|jänner|jan", "februar|feber|feb", "märz|mär", "april|apr", "mai", "juni|jun", "juli|jul"),
        *("august|aug", "september|sept|sep", "oktober|okt", "november|nov", "dezember|dez"),
    ),
    english={
        "gestern": "yesterday",
        "vorgestern": "day before yesterday",
        "heute": "today",
        **dict.fromkeys(("früh", "morgen", "vormittag"), "morning"),
        "mittag": "at noon",
        "nachmittag": "afternoon",
        "abend": "evening",
        "nacht": "night",
        **dict.fromkeys(("ein", "eine", "einem", "einer"), "1"),
        **dict(zip(("zwei", "drei", "vier", "fünf", "sechs", "sieben"), "234567", strict=True)),
        "acht": "8",
        "neun": "9",
        "zehn": "10",
        **dict.fromkeys(("ein paar", "einigen", "wenigen"), "3"),
        **dict.fromkeys(("minute", "minuten"), "minute"),
        **dict.fromkeys(("stunde", "stunden"), "hour"),
        **dict.fromkeys(("tag", "tagen"), "day"),
        **dict.fromkeys(("woche", "wochen"), "week"),
        **dict.fromkeys(("monat", "monaten"), "month"),
        **dict.fromkeys(("jahr", "jahren"), "year"),
        **dict.fromkeys(("am", "vom"), "on"),
        **dict.fromkeys(("letzten", "vorigen", "vergangenen"), "last"),
    },
)
_PORTUGUESE = _Language(
    patterns=(
        r"(?P<day>anteontem|ontem|hoje)(?:\s+(?:de\s+|à\s+|ao\s+)?(?P<part>manhã|tarde|noite|meio-dia)\b)?",
        r"esta\s+(?P<this>manhã|tarde|noite)",
        r"há\s+(?:cerca\s+de\s+)?(?P<n>{n})\s+(?P<unit>minutos?|horas?|dias?|semanas?|m[eê]s(?:es)?)(?:\s+atrás)?",
        r"(?:há\s+)?(?P<n2>{n})\s+(?P<unit2>minutos?|horas?|dias?|semanas?|m[eê]s(?:es)?|anos?)\s+atrás",
        r"(?:n[ao]\s+)?(?P<last>semana|mês)\s+passad[ao]",
        r"(?:(?P<lead>n[ao]\s+últim[ao]|n[ao]|até|desde|próxim[ao]|para|cada)\s+)?(?P<weekday>{weekday}|segunda|terça"
        r"|quarta|quinta|sexta)(?P<past>\s+passad[ao])?",
        r"(?:(?P<month_lead>a|em|no\s+dia|dia|até|desde|para)\s+)?(?P<dom>\d{{1,2}})\s+de\s+(?P<month>{month})"
        r"(?:\s+de\s+(?P<year>\d{{4}}))?",
        r"(?P<at>às|pelas)\s+(?P<hour>\d{{1,2}})(?:[:h](?P<minute>\d\d))?(?:\s*h(?:oras)?)?",
    ),
    weekdays=(
        *("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira"),
        *("sábado", "domingo"),
    ),
    months=(
        *("janeiro|jan", "fevereiro|fev", "março|mar", "abril|abr", "maio|mai", "junho|jun", "julho|jul"),
        *("agosto|ago", "setembro|set", "outubro|out", "novembro|nov", "dezembro|dez"),
    ),
    english={
        "ontem": "yesterday",
        "anteontem": "day before yesterday",
        "hoje": "today",
        "manhã": "morning",
        "tarde": "afternoon",
        "noite": "evening",
        "meio-dia": "at noon",
        **dict.fromkeys(("um", "uma"), "1"),
        **dict.fromkeys(("dois", "duas"), "2"),
        **dict(zip(("três", "quatro", "cinco", "seis", "sete"), "34567", strict=True)),
        "oito": "8",
        "nove": "9",
        "dez": "10",
        **dict.fromkeys(("minuto", "minutos"), "minute"),
        **dict.fromkeys(("hora", "horas"), "hour"),
        **dict.fromkeys(("dia", "dias"), "day"),
        **dict.fromkeys(("semana", "semanas"), "week"),
        **dict.fromkeys(("mes", "mês", "meses"), "month"),
        **dict.fromkeys(("ano", "anos"), "year"),
        **dict.fromkeys(("na", "no", "a", "em", "no dia", "dia"), "on"),
        **dict.fromkeys(("na última", "no último", "passada", "passado"), "last"),
        **dict(zip(("segunda", "terça", "quarta", "quinta", "sexta"), _WEEKDAYS, strict=False)),
    },
)
_SPANISH = _Language(
    patterns=(
        r"(?P<day>anteayer|antier|ayer|hoy)(?:\s+(?:por\s+la|a)\s+(?P<part>mañana|tarde|noche|mediodía)\b)?",
        r"(?P<night>anoche)",
        r"esta\s+(?P<this>mañana|tarde|noche)",
        r"hace\s+(?P<n>{n})\s+(?P<unit>minutos?|horas?|días?|semanas?|mes(?:es)?)",
        r"(?:l[ao]\s+|el\s+)?(?P<last>semana|mes)\s+pasad[ao]",
        r"(?:(?P<lead>el\s+pasado|el|hasta\s+el|desde\s+el|el\s+próximo|para\s+el|cada)\s+)?(?P<weekday>{weekday})"
        r"(?P<past>\s+pasado)?",
        r"(?:(?P<month_lead>el|hasta\s+el|desde\s+el|para\s+el)\s+)?(?P<dom>\d{{1,2}})\s+de\s+(?P<month>{month})"
        r"(?:\s+de\s+(?P<year>\d{{4}}))?",
        r"(?P<at>a\s+las?)\s+(?P<hour>\d{{1,2}})(?:[:h](?P<minute>\d\d))?(?:\s*h(?:oras)?)?",
    ),
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    months=(
        *("enero|ene", "febrero|feb", "marzo|mar", "abril|abr", "mayo|may", "junio|jun", "julio|jul"),
        *("agosto|ago", "septiembre|setiembre|sept", "octubre|oct", "noviembre|nov", "diciembre|dic"),
    ),
    english={
        "ayer": "yesterday",
        **dict.fromkeys(("anteayer", "antier"), "day before yesterday"),
        "hoy": "today",
        "mañana": "morning",
        "tarde": "afternoon",
        "noche": "evening",
        "mediodía": "at noon",
        **dict.fromkeys(("un", "una"), "1"),
        **dict(zip(("dos", "tres", "cuatro", "cinco", "seis", "siete"), "234567", strict=True)),
        **dict.fromkeys(("minuto", "minutos"), "minute"),
        **dict.fromkeys(("hora", "horas"), "hour"),
        **dict.fromkeys(("día", "días"), "day"),
        **dict.fromkeys(("semana", "semanas"), "week"),
        **dict.fromkeys(("mes", "meses"), "month"),
        "el": "on",
        **dict.fromkeys(("el pasado", "pasado"), "last"),
    },
)
_FRENCH = _Language(
    patterns=(
        r"(?P<day>avant-hier|hier|aujourd['’]hui)(?:\s+(?P<part>matin|midi|après-midi|soir)\b)?",
        r"cet?\s+(?P<this>matin|après-midi|soir)",
        r"il\s+y\s+a\s+(?P<n>{n})\s+(?P<unit>minutes?|heures?|jours?|semaines?|mois|ans?)",
        r"(?:la\s+|le\s+)?(?P<last>semaine|mois)\s+(?:dernière|dernier|passée?)",
        r"(?:(?P<lead>jusqu['’]à|depuis|pour|chaque)\s+)?(?P<weekday>{weekday})(?P<past>\s+dernier|\s+prochain)?",
        r"(?:(?P<month_lead>le|jusqu['’]au|depuis\s+le|pour\s+le|avant\s+le)\s+)?(?P<dom>\d{{1,2}})(?:er)?\s+"
        r"(?P<month>{month})\.?(?:\s+(?P<year>\d{{4}}))?",
        r"(?P<at>à|vers)\s+(?P<hour>\d{{1,2}})\s?[:h]\s?(?P<minute>\d\d)?",
    ),
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    months=(
        *("janvier|janv", "février|févr", "mars", "avril|avr", "mai", "juin", "juillet|juil"),
        *("août", "septembre|sept", "octobre|oct", "novembre|nov", "décembre|déc"),
    ),
    english={
        "hier": "yesterday",
        "avant-hier": "day before yesterday",
        **dict.fromkeys(("aujourd'hui", "aujourd’hui"), "today"),
        "matin": "morning",
        "midi": "at noon",
        "après-midi": "afternoon",
        "soir": "evening",
        **dict.fromkeys(("un", "une"), "1"),
        **dict(zip(("deux", "trois", "quatre", "cinq", "six", "sept"), "234567", strict=True)),
        **dict.fromkeys(("minute", "minutes"), "minute"),
        **dict.fromkeys(("heure", "heures"), "hour"),
        **dict.fromkeys(("jour", "jours"), "day"),
        **dict.fromkeys(("semaine", "semaines"), "week"),
        "mois": "month",
        **dict.fromkeys(("an", "ans"), "year"),
        "le": "on",
        "dernier": "last",
    },
)
_LANGUAGES = {"de": _GERMAN, "pt": _PORTUGUESE, "es": _SPANISH, "fr": _FRENCH}


def spoken(language: str, country: str) -> list[str]:
    """The languages somebody may write in: that of the business, and of its country. English goes without saying."""
    chosen = [language.split("-")[0].lower(), _SPOKEN.get(country.upper(), "")]
    return [code for code in dict.fromkeys(chosen) if code in _LANGUAGES]


def in_english(text: str, languages: Iterable[str]) -> Line:
    """Return the line with its phrases about time in English. Languages not known here are passed over."""
    found: list[tuple[int, int, str]] = []
    for language in languages:
        known = _LANGUAGES.get(language)
        for pattern in _compiled(language) if known else ():
            for match in pattern.finditer(text):
                said = _say(match, known) if known else ""
                if said and not any(match.start() < end and start < match.end() for start, end, _said in found):
                    found.append((match.start(), match.end(), said))
    pieces: list[tuple[int, int, int, int]] = []
    line, position = "", 0
    for start, end, said in sorted(found):
        line += text[position:start]
        pieces.append((len(line), len(line) + len(said), start, end))
        line, position = line + said, end
    return Line(line + text[position:], pieces)


@cache
def _compiled(language: str) -> list[re.Pattern[str]]:
    known = _LANGUAGES[language]
    numbers = [re.escape(word) for word, said in known.english.items() if said.isdigit()]
    words = {
        "n": "|".join([r"\d{1,3}", *sorted(numbers, key=len, reverse=True)]),
        "weekday": "|".join(known.weekdays),
        "month": "|".join(known.months),
    }
    return [re.compile(rf"(?<!\w)(?:{pattern.format(**words)})(?![\w-])", re.IGNORECASE) for pattern in known.patterns]


def _say(match: re.Match[str], language: _Language) -> str:
    """The phrase in English; empty when it is none after all."""
    said = {name: " ".join(word.lower().split()) for name, word in match.groupdict().items() if word}
    english = {name: language.english.get(word, word) for name, word in said.items()}
    if "day" in said:
        return _say_day(english["day"], english.get("part", ""))
    if "night" in said:
        return "last night"
    if "this" in said:
        return f"this {english['this']}"
    if unit := english.get("unit") or english.get("unit2"):
        return f"{english.get('n') or english.get('n2')} {unit}s ago"
    if "last" in said:
        return f"last {english['last']}"
    if "weekday" in said:
        return _say_weekday(said, english, language)
    if "dom" in said:
        month = _MONTHS[_place(said["month"], language.months)]
        return " ".join([*_lead("month_lead", said, english), said["dom"], month, said.get("year", "")]).strip()
    return _say_clock(said)


def _say_day(day: str, part: str) -> str:
    if not part:
        return day
    if day == "today":
        return "today at noon" if part == "at noon" else f"this {part}".replace("this night", "tonight")
    return f"{day} {part}"


def _say_weekday(said: dict[str, str], english: dict[str, str], language: _Language) -> str:
    """ "Last friday", "on friday", "friday", or with a word that says it is none of these. Short names also count."""
    word = said["weekday"]
    short = language.english.get(word)
    if short and not said.get("past") and english.get("lead") not in ("last",):
        return ""  # "segunda vez": the second time
    day = short or _WEEKDAYS[_place(word, language.weekdays)]
    if past := english.get("past"):
        return f"last {day}" if past != "prochain" else f"next {day}"
    return " ".join([*_lead("lead", said, english), day])


def _lead(name: str, said: dict[str, str], english: dict[str, str]) -> list[str]:
    """The word before a day: "on" and "last" are about what was, all others about something else."""
    if name not in said:
        return []
    return [english[name] if english[name] in ("on", "last") else "by"]


def _say_clock(said: dict[str, str]) -> str:
    hour = int(said.get("hour") or said["hour2"])
    minute = said.get("minute") or said.get("minute2") or "00"
    if hour > 23 or int(minute) > 59:
        return ""
    return f"{'at ' if 'at' in said else ''}{hour}:{minute}"


def _place(word: str, words: tuple[str, ...]) -> int:
    return next(place for place, known in enumerate(words) if word in known.split("|"))
