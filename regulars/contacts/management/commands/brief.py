"""`bin/regulars brief`: what to know about somebody, in ten seconds, on the command line."""

from collections.abc import Iterable
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone, translation

from regulars.access.models import Organisation, Role, User
from regulars.contacts.brief.reading import build_brief, sentences
from regulars.contacts.models import Contact, ContactPoint
from regulars.contacts.points import point_key
from regulars.lib.commands import BadUse, Failure, ProductCommand


class Command(ProductCommand):
    help = "Print the Brief of a contact: what to ask about, likes and limits, last time, who they are, next step."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("who", metavar="ID-OR-EMAIL", help="the contact's number, or one of their emails")
        parser.add_argument(
            "--as", dest="as_email", metavar="EMAIL", help="what this colleague may see (default: the owner)"
        )

    def answer(self, options: dict[str, Any]) -> Any:
        organisation = Organisation.current()
        user = self._reader(options["as_email"])
        if organisation is None or user is None:
            raise Failure("There is no business yet. Run: bin/regulars setup")
        contact = self._find(options["who"].strip(), user)
        with timezone.override(organisation.time_zone), translation.override(organisation.language or "en"):
            brief = build_brief(contact, user)
            return {key: sentences(part) for key, _title, part in brief.parts()} | {
                "contact": {"id": contact.pk, "name": contact.display_name, "url": contact.get_absolute_url()},
                "titles": {key: title for key, title, _part in brief.parts()},
            }

    def tell(self, answer: Any) -> Iterable[str]:
        yield answer["contact"]["name"]
        for key, title in answer["titles"].items():
            if answer[key]:
                yield ""
                yield title.upper()
                yield from (f"  {sentence}" for sentence in answer[key])

    def _reader(self, email: str | None) -> User | None:
        if not email:
            return User.objects.active().filter(role=Role.OWNER).order_by("pk").first()
        found = User.objects.active().filter(email__iexact=email).first()
        if found is None:
            raise BadUse(f"No colleague has the email {email}.")
        return found

    def _find(self, who: str, user: User) -> Contact:
        people = Contact.objects.visible_to(user).select_related("company", "owner", "stage", "profile")
        if who.isascii() and who.isdigit():
            found = list(people.filter(pk=min(int(who), 2**62)))
        else:
            kind = ContactPoint.Kind.EMAIL
            key = point_key(kind, who)
            points = ContactPoint.objects.filter(kind=kind, key=key, contact__isnull=False)
            found = list(people.filter(pk__in=points.values("contact_id")).order_by("-touched_at")[:2])
        if not found:
            raise Failure(f"Nobody here has the {'number' if who.isdigit() else 'email'} {who}.")
        if len(found) > 1:
            ids = " or ".join(str(contact.pk) for contact in found)
            raise BadUse(f"Several people have the email {who}. Say which: {ids}")
        return found[0]  # type: ignore[no-any-return]
