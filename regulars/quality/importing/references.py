"""What drafts name and the business keeps once: colleagues, stages, sources, tags, custom fields."""

import zoneinfo
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from regulars.access.models import Organisation, User
from regulars.contacts.fields.custom import clean, fields_of
from regulars.contacts.models import CustomField, Source, Stage, Tag
from regulars.lib.text import fold
from regulars.quality.files.build import Problem
from regulars.quality.files.draft import Draft

# How other systems call our stages.
STAGES = {
    "subscriber": "lead", "lead": "lead", "new": "lead", "open": "lead", "marketing qualified lead": "lead",
    "marketingqualifiedlead": "lead", "sales qualified lead": "prospect", "salesqualifiedlead": "prospect",
    "opportunity": "prospect", "prospect": "prospect", "contacted": "prospect", "qualified": "prospect",
    "customer": "customer", "client": "customer", "active": "customer", "kunde": "customer", "cliente": "customer",
    "evangelist": "regular", "regular": "regular", "stammkunde": "regular", "vip": "regular",
    "lapsed": "lapsed", "inactive": "lapsed", "former customer": "lapsed", "churned": "lapsed", "lost": "lapsed",
}  # fmt: skip


@cache
def _zones() -> set[str]:
    return zoneinfo.available_timezones()  # walks hundreds of files


class References:
    """Looks up what drafts name; one query for each sort, made when the batch begins."""

    def __init__(self, user: User, owner: User | None, custom_headers: dict[str, str] | None = None) -> None:
        self.user, self.owner = user, owner
        self.users = {
            fold(name): colleague
            for colleague in User.objects.filter(is_active=True)
            for name in (colleague.email, colleague.name)
            if name
        }
        stages = list(Stage.objects.all())
        self.stages = {fold(name): stage for stage in stages for name in (stage.key, stage.name)}
        self.sources = {fold(source.name): source for source in Source.objects.all()}
        self.tags: dict[str, Tag] = {tag.name.lower(): tag for tag in Tag.objects.all()}
        self.new_tags: list[int] = []
        self.organisation = Organisation.current()
        self.custom_fields: dict[str, dict[str, CustomField]] = {
            host: {field.key: field for field in fields_of(host)} for host in ("contact", "company")
        }
        self.custom_headers = custom_headers or {}
        self.unknown: Counter[str] = Counter()

    def owner_of(self, draft: Draft) -> User | None:
        """Return the colleague that the draft names, else the one chosen for the import."""
        if not draft.owner:
            return self.owner
        found = self.users.get(fold(draft.owner))
        if found is None:
            self.unknown[_("No colleague is called “%s”.") % draft.owner] += 1
        return found or self.owner

    def stage_of(self, draft: Draft) -> Stage | None:
        """Return the stage that the draft names, in our words or another system's."""
        if not draft.stage:
            return None
        name = fold(draft.stage)
        found = self.stages.get(name) or self.stages.get(STAGES.get(name, ""))
        if found is None:
            self.unknown[_("There is no stage “%s”.") % draft.stage] += 1
        return found

    def source_of(self, draft: Draft) -> dict[str, Any]:
        """Return the profile's columns for where they came from; an unknown source stays readable as detail."""
        if not draft.source:
            return {}
        name = fold(draft.source)
        if name not in self.sources and self.user.can("shape") and len(self.sources) < 200:
            last = Source.objects.aggregate(last=Max("position"))["last"] or 0
            self.sources[name] = Source.objects.create(name=draft.source[:80], position=last + 1)
        if source := self.sources.get(name):
            return {"source_id": source.pk}
        return {"source_detail": draft.source[:200]}

    def tags_of(self, names: Iterable[str]) -> list[Tag]:
        """Return the tags called `names`, each once, making those that don't exist."""
        found = {name.lower(): self._tag(name) for name in names if name}
        return list({tag.pk: tag for tag in found.values()}.values())

    def _tag(self, name: str) -> Tag:
        known = self.tags.get(name.lower())
        if known is None:
            try:
                with transaction.atomic():
                    known = Tag.objects.create(name=name[:60])
                self.new_tags.append(known.pk)
            except IntegrityError:
                known = Tag.objects.get(name__iexact=name[:60])
            self.tags[name.lower()] = known
        return known

    def custom_of(self, draft: Draft) -> tuple[dict[str, Any], list[Problem]]:
        """Return the stored values of custom fields, and what is wrong with those that can't be stored."""
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        fields = self.custom_fields[draft.kind]
        for key, text in draft.custom.items():
            field = fields.get(key)
            if field is None:
                continue
            try:
                stored = clean(field, text, organisation=self.organisation, user=self.user)
            except ValidationError as error:
                problems.append(Problem(self.custom_headers.get(key, field.label), error.messages[0]))
                continue
            if stored is not None:
                values[key] = stored
        return values, problems

    def profile_of(self, draft: Draft) -> dict[str, Any]:
        """Return the columns of Profile that the draft fills."""
        columns: dict[str, Any] = {
            "additional_name": draft.middle[:150],
            "nickname": draft.nickname[:80],
            "pronunciation": draft.pronunciation[:150],
            "salutation": (draft.salutation or draft.prefix)[:80],
            "pronouns": draft.pronouns[:40],
            "language": draft.language[:10],
            "time_zone": draft.time_zone if draft.time_zone and draft.time_zone in _zones() else "",
            "external_id": draft.external_id[:120],
            **self.source_of(draft),
        }
        return {name: value for name, value in columns.items() if value}
