"""vCards to drafts."""

import re
from binascii import unhexlify
from collections.abc import Iterable
from contextlib import suppress

from django.utils.translation import gettext as _

from regulars.quality.files.build import Built, Habits, Problem, finish
from regulars.quality.files.cards import Card, Property
from regulars.quality.files.draft import Address, Draft, Handle, NamedDate, PartialDate, Point, Related
from regulars.quality.files.labels import tidy_label
from regulars.quality.files.problems import BadValue
from regulars.quality.files.values import read_date, read_emails, read_phone

_NOISE = {"internet", "voice", "pref", "x400", "msg", "text", "video", "vcard", "jpeg", "png", "isdn"}
_NETWORKS = {
    "X-AIM": "AIM", "X-ICQ": "ICQ", "X-SKYPE": "Skype", "X-SKYPE-USERNAME": "Skype", "X-JABBER": "Jabber",
    "X-GTALK": "GTalk",
    "X-GOOGLE-TALK": "GTalk", "X-MSN": "MSN", "X-YAHOO": "Yahoo", "X-QQ": "QQ", "X-TWITTER": "X",
    "X-GROUPWISE": "GroupWise",
    "X-MS-IMADDRESS": "IM", "X-FACEBOOK": "Facebook", "X-TELEGRAM": "Telegram", "X-WHATSAPP": "WhatsApp",
    "X-SIGNAL": "Signal",
}  # fmt: skip
_RELATED = {
    "SPOUSE": "spouse", "MANAGER": "manager", "ASSISTANT": "assistant", "CHILDREN": "child", "CHILD": "child",
}  # fmt: skip
_LEFTOVERS = {"ROLE": "Role", "GEO": "Place", "X-MAIDENNAME": "Maiden name", "HOBBY": "Hobby", "INTEREST": "Interest",
              "EXPERTISE": "Expertise", "X-PROFESSION": "Profession"}  # fmt: skip
_COUNTRY_OF_SERVICE = re.compile(r"^X-(?:EVOLUTION|MS|KADDRESSBOOK|ANDROID|)-?([A-Z]+?)(?:'?S?NAME)?$")
_FULLCONTACT = "X-FCENCODED-"


class CardReader:
    """Turns one card into a draft. Values that can't be read go into the note, for nobody edits a card by hand."""

    def __init__(self, card: Card, habits: Habits) -> None:
        self.card, self.habits = card, habits
        self.draft = Draft(card.number)
        self.labels = {p.group: tidy_label(p.text()) for p in card.all("X-ABLABEL") if p.group}

    def read(self) -> Built:
        """Return the draft and what keeps it from being imported."""
        if self.card.problem:
            return Built(self.draft, [Problem("", self.card.problem)])
        if (kind := self.card.first("KIND", "X-ADDRESSBOOKSERVER-KIND")) and kind.text().casefold() == "group":
            return Built(self.draft, [Problem("KIND", _("This card is a group of people, not a person."))])
        self._names()
        self._work()
        self._points()
        self._addresses()
        self._dates()
        self._people()
        self._rest()
        return Built(self.draft, finish(self.draft))

    def _names(self) -> None:
        draft, card = self.draft, self.card
        if found := card.first("N"):
            names = [" ".join(part.split())[:150] for part in found.parts()] + [""] * 5
            draft.family, draft.given, draft.middle, draft.prefix, draft.suffix = names[:5]
        draft.display = " ".join(_text(card.first("FN", "NAME")).split())[:300]
        draft.nickname = _text(card.first("NICKNAME", "X-NICKNAME"))[:80]
        sounds = (card.first("X-PHONETIC-FIRST-NAME"), card.first("X-PHONETIC-LAST-NAME"))
        draft.pronunciation = " ".join(filter(None, map(_text, sounds)))[:150]
        draft.pronouns = _text(card.first("PRONOUNS", "X-PRONOUN", "X-PRONOUNS"))[:40]
        is_company = _text(card.first("X-ABSHOWAS")).casefold() == "company"
        if (
            is_company
            or _text(card.first("KIND")).casefold() in {"org", "organization"}
            or (
                not (draft.given or draft.family)
                and draft.display
                and draft.display == _text(card.first("ORG")).rstrip(";")
            )
        ):
            draft.kind = "company"

    def _work(self) -> None:
        draft = self.draft
        organisations = [p.parts() for p in self.card.all("ORG")]
        if organisations:
            draft.company = organisations[0][0][:300]
            draft.department = ", ".join(filter(None, organisations[0][1:]))[:150]
        if draft.kind == "company":
            draft.company = draft.company or draft.full_name
            draft.given = draft.family = draft.display = ""
        draft.notes += [
            _("Also at: %(company)s") % {"company": ", ".join(filter(None, more))} for more in organisations[1:]
        ]
        titles = [p.text() for p in self.card.all("TITLE")] or [p.text() for p in self.card.all("ROLE")]
        draft.job_title = titles[0][:150] if titles else ""
        draft.notes += [_("Also: %(title)s") % {"title": title} for title in titles[1:]]

    def _points(self) -> None:
        for item in self.card.all("EMAIL"):
            self._point(item, self.draft.emails)
        for item in self.card.all("TEL", "X-MS-TEL"):
            self._point(item, self.draft.phones)
        for item in self.card.all("URL", "X-URL"):
            self.draft.links.append(Point(item.text()[:300], self._label(item), _preferred(item)))
        for item in self.card.all("X-SOCIALPROFILE", "SOCIALPROFILE"):
            network = item.param("service-type") or next(iter(_types(item)), "") or self._label(item)
            user = item.param("x-user") or item.param("username")
            value = user or item.text().removeprefix("x-apple:")
            self.draft.handles.append(Handle(network.title()[:40], value[:300]))
        for item in self.card.all("IMPP"):
            scheme, colon, name = item.text().partition(":")
            network = item.param("x-service-type") or item.param("service-type") or (scheme if colon else "")
            self.draft.handles.append(Handle(network[:40], (name if colon else scheme)[:300]))
        for item in self.card.all(*_NETWORKS):
            self.draft.handles.append(Handle(_NETWORKS[item.name], item.text()[:300]))

    def _point(self, item: Property, points: list[Point]) -> None:
        text, label = item.text(), self._label(item)
        try:
            if item.name == "EMAIL":
                points += [Point(value, label, _preferred(item)) for value in read_emails(text)]
                return
            number, extension = read_phone(text, self.habits.region)
            points.append(
                Point(
                    number,
                    f"{label}, ext. {extension}".lstrip(", ") if extension else label,
                    _preferred(item),
                )
            )
        except BadValue:
            self.draft.notes.append(f"{label or item.name.title()}: {text}")

    def _label(self, item: Property) -> str:
        own = self.labels.get(item.group, "")
        return own or " ".join(dict.fromkeys(filter(None, map(tidy_label, _types(item)))))[:40]

    def _addresses(self) -> None:
        for item in self.card.all("ADR"):
            parts = [*item.parts(), *[""] * 7][:7]
            box, extra, street, city, region, postcode, country = (_lines(part.strip(" ,")) for part in parts)
            extra = ", ".join(filter(None, (box, extra)))
            street, extra = (street, extra) if street else (extra, "")
            address = Address(street, extra, city, region, postcode, country)
            address.label, address.preferred = self._label(item), _preferred(item)
            if address:
                self.draft.addresses.append(address)
        if not self.draft.addresses:
            labels = [Address(street=_lines(p.text()), label=self._label(p)) for p in self.card.all("LABEL")]
            self.draft.addresses += [address for address in labels if address]

    def _dates(self) -> None:
        if found := self.card.first("BDAY"):
            self.draft.birthday = self._date(found, _("Birthday"), past=True)
        seen = set()
        for item in self.card.all(
            "ANNIVERSARY", "X-ANNIVERSARY", "X-EVOLUTION-ANNIVERSARY", "X-MS-ANNIVERSARY", "X-ABDATE"
        ):
            label = self.labels.get(item.group, "") if item.name == "X-ABDATE" else "anniversary"
            date = self._date(item, label or _("date"))
            if date and (label, date) not in seen:
                seen.add((label, date))
                self.draft.dates.append(NamedDate(label or _("date"), date))

    def _date(self, item: Property, label: str, *, past: bool = False) -> PartialDate | None:
        text = item.text()
        if (omitted := item.param("x-apple-omit-year")) and text.startswith(omitted):
            text = f"--{text[len(omitted) :].replace('-', '')}"
        try:
            return read_date(text, "ymd", past=past)
        except BadValue:
            self.draft.notes.append(f"{label}: {text}")
            return None

    def _people(self) -> None:
        for item in self.card.all("X-ABRELATEDNAMES", "RELATED"):
            label = self.labels.get(item.group, "") or next(iter(_types(item)), "")
            if not item.text().startswith(("urn:", "http")):
                self.draft.related.append(Related(label, item.text()[:200]))
        for item in self.card.properties:
            found = _COUNTRY_OF_SERVICE.match(item.name)
            if found and found[1] in _RELATED and item.value.strip():
                self.draft.related.append(Related(_RELATED[found[1]], item.text()[:200]))
            elif item.name.startswith(_FULLCONTACT):
                self._fullcontact(item)

    def _fullcontact(self, item: Property) -> None:
        """Names that a vCard can't hold, written in hexadecimal: "X-FC-RelatedNames:Mother"."""
        with suppress(ValueError, UnicodeDecodeError):
            kind, _colon, label = unhexlify(item.name.removeprefix(_FULLCONTACT)).decode().partition(":")
            if "RelatedNames" in kind:
                self.draft.related.append(Related(tidy_label(label), item.text()[:200]))
            elif "OtherDates" in kind and (date := self._date(item, label)):
                self.draft.dates.append(NamedDate(tidy_label(label), date))

    def _rest(self) -> None:
        draft, card = self.draft, self.card
        draft.notes = [p.text() for p in card.all("NOTE")] + draft.notes
        for item in card.all("CATEGORIES", "X-CATEGORIES"):
            draft.tags += [tag[:60] for tag in item.parts(",") if tag and not tag.startswith("*")]
        draft.language = _text(card.first("LANG", "LANGUAGE", "X-LANGUAGE"))[:10]
        if "/" in (zone := _text(card.first("TZ"))):
            draft.time_zone = zone[:64]
        draft.external_id = _text(card.first("UID", "X-ABUID")).removeprefix("urn:uuid:")[:120]
        for item in card.all("PHOTO"):
            if draft.photo is None and (photo := item.binary()):
                draft.photo = photo
            elif item.text().startswith(("http://", "https://")):
                draft.links.append(Point(item.text()[:300], "photo"))
        draft.links = list({point.value: point for point in reversed(draft.links)}.values())[::-1]
        has_title = bool(card.all("TITLE"))
        for name, label in _LEFTOVERS.items():
            if name != "ROLE" or has_title:
                draft.notes += [f"{label}: {p.text()}" for p in card.all(name)]


def _text(item: Property | None) -> str:
    return item.text() if item else ""


def _lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _types(item: Property) -> Iterable[str]:
    return [kind for kind in item.types if kind not in _NOISE]


def _preferred(item: Property) -> bool:
    return "pref" in item.types or item.param("pref") == "1"


def draft_of_card(card: Card, habits: Habits) -> Built:
    """Return the draft that `card` describes, and what keeps it from being imported."""
    return CardReader(card, habits).read()
