"""Who in the file is known already: by number in the other system, email, phone, then name and company.

A batch asks the database once for each of these, whatever its size.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from regulars.access.models import User
from regulars.contacts.models import Company, Contact, ContactPoint, Profile
from regulars.contacts.points import point_key
from regulars.lib.text import fold
from regulars.quality.files.draft import Draft, Point
from regulars.quality.importing.names import is_shared_mailbox, names_agree


@dataclass(slots=True)
class Keys:
    """What a draft can be recognised by."""

    external_id: str = ""
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    name: str = ""
    company: str = ""
    domain: str = ""

    def all(self) -> Iterable[tuple[str, str]]:
        """Every key with its kind, the strongest first."""
        if self.external_id:
            yield "id", self.external_id
        for email in self.emails:
            yield "email", email
        for phone in self.phones:
            yield "phone", phone
        if self.name and (self.company or not (self.emails or self.phones)):
            yield "name", f"{self.name}\x1f{self.company}"


def keys_of(draft: Draft, region: str) -> Keys:
    """Return what `draft` can be recognised by, in the form that the database keeps."""
    return Keys(
        external_id=draft.external_id,
        emails=[key_of("email", point, region) for point in draft.emails],
        phones=[key_of("phone", point, region) for point in draft.phones],
        name=fold(draft.full_name)[:300],
        company=fold(draft.company)[:300],
        domain=draft.company_domain,
    )


def key_of(kind: str, point: Point, region: str) -> str:
    """Return `point_key` of a point; a phone in E.164 needs no second parsing."""
    if not point.key:
        value = point.value
        is_e164 = kind == "phone" and value[:1] == "+" and value[1:].isdigit()
        point.key = value[1:] if is_e164 else point_key(kind, value, region)
    return point.key


class Matcher:
    """Finds the contacts and companies of a batch among those that `user` may know of."""

    def __init__(self, user: User, drafts: Sequence[Draft], keys: Sequence[Keys]) -> None:
        self.user, self.drafts, self.keys = user, drafts, keys
        self.found: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
        people = [keys for draft, keys in zip(drafts, keys, strict=True) if draft.kind == "contact"]
        self._look_up_ids({k.external_id for k in people if k.external_id})
        self._look_up_points("email", {email for k in people for email in k.emails})
        self._look_up_points("phone", {phone for k in people for phone in k.phones})
        self._look_up_names({k.name for k in people if k.name})

    def _look_up_ids(self, ids: set[str]) -> None:
        if ids:
            rows = Profile.objects.filter(external_id__among=ids)
            self._keep("id", list(rows.values_list("external_id", "contact_id", "contact__display_name")))

    def _look_up_points(self, kind: str, keys: set[str]) -> None:
        if keys:
            points = ContactPoint.objects.filter(kind=kind, key__among=keys, contact__isnull=False)
            self._keep(kind, list(points.values_list("key", "contact_id", "contact__display_name")))

    def _keep(self, kind: str, hits: list[tuple[str, int, str]]) -> None:
        """Keep those hits that the colleague may know of. Asked by id: a subquery would read every contact."""
        visible = self._visible({pk for _key, pk, _name in hits})
        for key, pk, name in hits:
            if pk in visible:
                self.found[kind, key].append((pk, name))

    def _look_up_names(self, names: set[str]) -> None:
        if names:
            rows = Contact.objects.visible_to(self.user).filter(sort_name__among=names)
            for pk, name, sort_name, company, email, phone in rows.values_list(
                "pk", "display_name", "sort_name", "company__sort_name", "email", "phone"
            ):
                if company or not (email or phone):
                    self.found["name", f"{sort_name}\x1f{company or ''}"].append((pk, name))

    def _visible(self, ids: set[int]) -> set[int]:
        if not ids:
            return set()
        return set(Contact.objects.visible_to(self.user).filter(pk__among=ids).values_list("pk", flat=True))

    def contact_for(self, index: int) -> int | None:
        """Return the id of the contact that the draft at `index` describes, or None for a new one."""
        name = self.drafts[index].full_name
        for kind, key in self.keys[index].all():
            for pk, known_name in self.found.get((kind, key), ()):
                if is_same(kind, key, name, known_name):
                    return pk
        return None


def is_same(kind: str, key: str, name: str, known_name: str) -> bool:
    """Whether a shared key means one person: phones and info@ addresses are shared, so the names must agree."""
    if kind == "phone" or (kind == "email" and is_shared_mailbox(key)):
        return names_agree(name, known_name)
    return True


def find_companies(user: User, names: set[str], domains: set[str]) -> dict[str, int]:
    """Return the ids of companies that `user` may know of, by folded name and by "@domain"; the oldest one wins."""
    found: dict[str, int] = {}
    visible = Company.objects.visible_to(user).order_by("-pk")
    if names:
        found |= dict(visible.filter(sort_name__among=names).values_list("sort_name", "pk"))
    if domains:
        rows = visible.filter(domain__among=domains).values_list("domain", "pk")
        found |= {f"@{domain.casefold()}": pk for domain, pk in rows}
    return found
