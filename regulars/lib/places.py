"""Countries, their money and their clocks: what set-up and settings offer, and what a browser's guess leads to."""

import zoneinfo
from functools import lru_cache
from importlib import resources

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from regulars.lib.text import fold

# ISO 4217 code, name, and the countries (ISO 3166) that pay with it.
_MONEY: tuple[tuple[str, object, str], ...] = (
    ("AED", _("UAE dirham"), "AE"),
    ("ARS", _("Argentine peso"), "AR"),
    ("AUD", _("Australian dollar"), "AU KI NR TV CX CC NF"),
    ("BDT", _("Bangladeshi taka"), "BD"),
    ("BGN", _("Bulgarian lev"), ""),
    ("BHD", _("Bahraini dinar"), "BH"),
    ("BOB", _("Bolivian boliviano"), "BO"),
    ("BRL", _("Brazilian real"), "BR"),
    ("BWP", _("Botswana pula"), "BW"),
    ("CAD", _("Canadian dollar"), "CA"),
    ("CHF", _("Swiss franc"), "CH LI"),
    ("CLP", _("Chilean peso"), "CL"),
    ("CNY", _("Chinese yuan"), "CN"),
    ("COP", _("Colombian peso"), "CO"),
    ("CRC", _("Costa Rican colón"), "CR"),
    ("CZK", _("Czech koruna"), "CZ"),
    ("DKK", _("Danish krone"), "DK GL FO"),
    ("DOP", _("Dominican peso"), "DO"),
    ("DZD", _("Algerian dinar"), "DZ"),
    ("EGP", _("Egyptian pound"), "EG"),
    ("ETB", _("Ethiopian birr"), "ET"),
    (
        "EUR",
        _("Euro"),
        "AT BE BG HR CY EE FI FR DE GR IE IT LV LT LU MT NL PT SK SI ES AD MC SM VA ME XK AX GF GP MQ RE YT BL MF PM",
    ),
    ("GBP", _("British pound"), "GB IM JE GG GS"),
    ("GEL", _("Georgian lari"), "GE"),
    ("GHS", _("Ghanaian cedi"), "GH"),
    ("GTQ", _("Guatemalan quetzal"), "GT"),
    ("HKD", _("Hong Kong dollar"), "HK"),
    ("HUF", _("Hungarian forint"), "HU"),
    ("IDR", _("Indonesian rupiah"), "ID"),
    ("ILS", _("Israeli shekel"), "IL PS"),
    ("INR", _("Indian rupee"), "IN BT"),
    ("ISK", _("Icelandic króna"), "IS"),
    ("JMD", _("Jamaican dollar"), "JM"),
    ("JOD", _("Jordanian dinar"), "JO"),
    ("JPY", _("Japanese yen"), "JP"),
    ("KES", _("Kenyan shilling"), "KE"),
    ("KRW", _("South Korean won"), "KR"),
    ("KWD", _("Kuwaiti dinar"), "KW"),
    ("KZT", _("Kazakhstani tenge"), "KZ"),
    ("LKR", _("Sri Lankan rupee"), "LK"),
    ("MAD", _("Moroccan dirham"), "MA EH"),
    ("MDL", _("Moldovan leu"), "MD"),
    ("MXN", _("Mexican peso"), "MX"),
    ("MYR", _("Malaysian ringgit"), "MY"),
    ("MZN", _("Mozambican metical"), "MZ"),
    ("NAD", _("Namibian dollar"), "NA"),
    ("NGN", _("Nigerian naira"), "NG"),
    ("NOK", _("Norwegian krone"), "NO SJ BV"),
    ("NPR", _("Nepalese rupee"), "NP"),
    ("NZD", _("New Zealand dollar"), "NZ CK NU TK PN"),
    ("OMR", _("Omani rial"), "OM"),
    ("PEN", _("Peruvian sol"), "PE"),
    ("PHP", _("Philippine peso"), "PH"),
    ("PKR", _("Pakistani rupee"), "PK"),
    ("PLN", _("Polish złoty"), "PL"),
    ("PYG", _("Paraguayan guaraní"), "PY"),
    ("QAR", _("Qatari riyal"), "QA"),
    ("RON", _("Romanian leu"), "RO"),
    ("RSD", _("Serbian dinar"), "RS"),
    ("SAR", _("Saudi riyal"), "SA"),
    ("SEK", _("Swedish krona"), "SE"),
    ("SGD", _("Singapore dollar"), "SG"),
    ("THB", _("Thai baht"), "TH"),
    ("TND", _("Tunisian dinar"), "TN"),
    ("TRY", _("Turkish lira"), "TR"),
    ("TWD", _("New Taiwan dollar"), "TW"),
    ("TZS", _("Tanzanian shilling"), "TZ"),
    ("UAH", _("Ukrainian hryvnia"), "UA"),
    ("UGX", _("Ugandan shilling"), "UG"),
    ("USD", _("US dollar"), "US PR GU VI AS MP EC SV PA UM FM MH PW TL VG TC BQ"),
    ("UYU", _("Uruguayan peso"), "UY"),
    ("VND", _("Vietnamese dong"), "VN"),
    ("XAF", _("Central African franc"), "CM CF TD CG GQ GA"),
    ("XOF", _("West African franc"), "BJ BF CI GW ML NE SN TG"),
    ("ZAR", _("South African rand"), "ZA LS SZ"),
    ("ZMW", _("Zambian kwacha"), "ZM"),
)
CURRENCIES: dict[str, object] = {code: name for code, name, _countries in _MONEY}
_CURRENCY_OF = {country: code for code, _name, countries in _MONEY for country in countries.split()}


def currency_choices() -> list[tuple[str, str]]:
    """Return code and "Name (CODE)" of each currency, by name."""
    return sorted(((code, f"{name} ({code})") for code, name in CURRENCIES.items()), key=lambda pair: fold(pair[1]))


def currency_of(country: str) -> str:
    """Return the currency of a country (ISO 3166 code), or ""."""
    return _CURRENCY_OF.get(country.upper(), "")


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, str], dict[str, str]]:
    """Zone to country, and country to its English name, as the time zone database knows them."""
    folder = resources.files("tzdata.zoneinfo")
    zones, names = {}, {}
    for line in (folder / "zone.tab").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _place, zone, *_rest = line.split("\t")
            zones[zone] = country
    for line in (folder / "iso3166.tab").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            country, name = line.split("\t")[:2]
            names[country] = name
    return zones, names


def country_of(zone: str) -> str:
    """Return the country (ISO 3166 code) that a time zone such as "Europe/Lisbon" lies in, or ""."""
    return _tables()[0].get(zone, "")


@lru_cache(maxsize=8)
def _countries(language: str) -> list[tuple[str, str]]:
    names = dict(_tables()[1])
    if language != "en":
        from phonenumbers.geodata.locale import LOCALE_DATA  # 4 MB, only for those who read another language

        for code in names:
            said = LOCALE_DATA.get(code, {}).get(language, "")
            said = LOCALE_DATA[code].get(said[1:], "") if said.startswith("*") else said  # "*en": as in English
            names[code] = said or names[code]
    return sorted(names.items(), key=lambda pair: fold(pair[1]))


def country_choices() -> list[tuple[str, str]]:
    """Return code and name of each country, by name, after an empty first line."""
    return [("", "—"), *_countries((get_language() or "en").split("-")[0])]


@lru_cache(maxsize=1)
def zone_names() -> list[str]:
    """Return every time zone that people live in, and UTC, sorted."""
    usable = zoneinfo.available_timezones()
    return sorted({zone for zone in _tables()[0] if zone in usable} | {"UTC"})


def zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the time zones grouped by continent, each as name and "City"."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for zone in zone_names():
        continent, _slash, city = zone.partition("/")
        groups.setdefault(continent if city else "UTC", []).append((zone, (city or zone).replace("_", " ")))
    return list(groups.items())


def is_zone(name: str) -> bool:
    """Return whether `name` is a time zone this machine knows; older names such as "US/Eastern" count too."""
    if not name or name.startswith(("/", ".")):
        return False
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return False
    return True


def country_of_languages(accept_language: str) -> str:
    """Return the first country in an Accept-Language header ("pt-PT,pt;q=0.9" gives "PT"), or ""."""
    for part in accept_language.split(","):
        language = part.split(";")[0].strip()
        country = language.rpartition("-")[2] if "-" in language else ""
        if len(country) == 2 and country.upper() in _tables()[1]:
            return country.upper()
    return ""
