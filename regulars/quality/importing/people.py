"""People and companies: what a file of them means, and how a batch of them is looked through and written."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.access.models import Operation, User
from regulars.contacts.fields.custom import fields_of
from regulars.contacts.models import Company, Contact, CustomField
from regulars.lib.fast import reserve_ids
from regulars.lib.text import fold
from regulars.quality.files.draft import Draft, merge
from regulars.quality.files.known import recognise
from regulars.quality.files.mapping import Column, Mapping
from regulars.quality.files.suggest import mapping_for, with_order
from regulars.quality.files.targets import NO_TARGET, TARGETS
from regulars.quality.importing.custom_fields import NEW_FIELD, NEW_KINDS, make_field
from regulars.quality.importing.introducers import Introducers, introduce_late
from regulars.quality.importing.photos import small_photo
from regulars.quality.importing.planning import Act, Plan, Seen, Step, plan
from regulars.quality.importing.references import References
from regulars.quality.importing.sorts import Bad, Choices, Outcome, Reading, Sort, Text, Words
from regulars.quality.importing.source import Item, count_items, habits, items
from regulars.quality.importing.undoing import remember_created, remember_updated, undo_step
from regulars.quality.importing.updating import Updater, load
from regulars.quality.importing.writing import RowMaker
from regulars.quality.models import Import
from regulars.timeline.models import Entry

CARD_BATCH, BIG_BATCH = 100, 1000
NAMING = {"display", "given", "family", "nickname", "email", "phone", "company"}


@dataclass(slots=True)
class Memory:
    """What is kept in mind from one batch to the next: new people (for a preview), and words learnt."""

    seen: Seen = field(default_factory=Seen)
    learnt: set[str] = field(default_factory=set)


class People(Sort):
    """Contacts and companies, from tables and address books."""

    key = "contacts"
    words = Words(
        name=gettext_lazy("People"),
        title=gettext_lazy("Bring in the people you know"),
        lede=gettext_lazy("From a spreadsheet, an address book or another system."),
        accepts=gettext_lazy("CSV, XLSX or vCard"),
        known=gettext_lazy(
            "Exports of Google Contacts, Outlook, Apple, HubSpot, Salesforce, Pipedrive, LinkedIn and Zoho are"
            " recognised by themselves; for other files you say what the columns mean, once."
        ),
        policy=gettext_lazy("People we know already"),
        seen=gettext_lazy("Known, completed"),
        see=gettext_lazy("See who came"),
        see_url="/contacts/?sort=-created",
    )
    policies = list(Import.Policy.choices)
    endings = ".csv,.txt,.tsv,.xlsx,.vcf,.vcard,text/csv,text/vcard"
    reads_ahead_on = ("postgresql",)  # SQLite is called for each row and would wait for the thread as often
    takes_cards = True
    kinds_label = gettext_lazy("Each row is")
    kinds = [("contact", gettext_lazy("A person")), ("company", gettext_lazy("A company"))]
    dated = frozenset({"birthday", "date"})
    extra_counts = [("companies", gettext_lazy("Companies made on the way"))]

    def recognise(self, headers: list[str]) -> object | None:
        """The export of another system."""
        return recognise(headers)

    def mapping_for(self, headers: list[str], samples: Sequence[Sequence[str]]) -> Mapping:
        """A known export's mapping, else a guess."""
        return mapping_for(headers, samples, habits().date_order)

    def target_choices(self, user: User) -> Choices:
        """The places a column can go to, by section, with the business's own fields and new ones."""
        sections: dict[str, list[tuple[str, Any]]] = {}
        for target in TARGETS.values():
            sections.setdefault(str(target.section), []).append((target.key, target.label))
        own = [
            (f"custom:{field.key}", field.label)
            for host in ("contact", "company")
            for field in fields_of(host)
            if field.kind != CustomField.Kind.CONTACT
        ]
        choices: list[Any] = [("", NO_TARGET), *sections.items()]
        if own:
            choices.append((_("Own fields"), list(dict(own).items())))
        if user.can("shape"):
            new = [(NEW_FIELD + kind, CustomField.Kind(kind).label) for kind in NEW_KINDS]
            choices.append((_("New own field, named like the column"), new))
        return choices

    def has_target(self, target: str) -> bool:
        """A field of ours, or one of the business's own."""
        return target in TARGETS or target.startswith("custom:")

    def label_of(self, target: str) -> Text:
        """What a field is called."""
        return TARGETS[target].label if target in TARGETS else target

    def missing(self, kind: str, targets: set[str]) -> str:
        """Refuse a mapping by which nobody would get a name."""
        families = {target.partition("/")[0] for target in targets}
        if kind == "company" and "company" not in families:
            return _("Say which column holds the name of the company.")
        return "" if families & NAMING else _("Say which column holds a name, an email or a phone.")

    def settle(self, column: Column, values: Iterable[str]) -> Column:
        """The order of the dates in the column."""
        return with_order(column, values, habits().date_order)

    def new_field(self, header: str, spec: str, kind: str, user: User) -> str:
        """Make the custom field that was asked for."""
        if spec.startswith(NEW_FIELD) and user.can("shape"):
            return f"custom:{make_field(header, spec.removeprefix(NEW_FIELD), kind).key}"
        return spec

    def count(self, imported: Import) -> int:
        """Rows or cards."""
        return count_items(imported)

    def pieces(self, imported: Import, skip: int = 0) -> Iterator[Item]:
        """A draft for each row or card."""
        return items(imported, skip)

    def texts(self, piece: Item) -> Iterator[str]:
        """The name, the cells, the points."""
        draft = piece.built.draft
        yield from (draft.full_name, *piece.cells, *(point.value for point in (*draft.emails, *draft.phones)))

    def batch_size(self, imported: Import, *, preview: bool) -> int:
        """Cards are big; PostgreSQL lets others write meanwhile."""
        if imported.kind == Import.Kind.VCARD:
            return CARD_BATCH
        if connection.vendor == "postgresql" and not preview:
            return BIG_BATCH
        return super().batch_size(imported, preview=preview)

    def new_memory(self) -> Memory:
        """Nobody seen yet."""
        return Memory()

    def prepare(self, reading: Reading) -> None:
        """Make photos small."""
        for item in reading.batch:
            _prepare_photo(item, reading)

    def look(self, reading: Reading) -> Outcome:
        """Plan only."""
        imported = reading.imported
        references = references_for(imported, imported.by)
        made = plan(reading.batch, imported.by, imported.policy, references, reading.memory.seen)
        counts = Counter(step.act.value for step in made.steps)
        counts["updated"] += counts.pop(Act.JOIN.value, 0)
        return Outcome(counts, _bad(made), [_sample(step) for step in made.steps[:6]])

    def write(self, operation: Operation, reading: Reading) -> Outcome:
        """Plan and write."""
        imported = reading.imported
        user = imported.by
        references = references_for(imported, user)
        made = plan(reading.batch, user, imported.policy, references, Seen())
        maker = RowMaker(
            user, habits().region, timezone.now(), references, _reserve(made), learnt=reading.memory.learnt
        )
        introducers = Introducers(maker, [step.draft for step in made.steps])
        counts, updater = _write(made, maker, imported, introducers)
        introducers.save(operation)
        remember_created(operation, maker.contacts, maker.companies, references.new_tags)
        remember_updated(operation, updater, maker)
        reading.notices.update(references.unknown)
        own = sum(1 for step in made.steps if step.act is Act.CREATE and step.draft.kind == "company")
        counts["companies"] += len(maker.companies) - own
        return Outcome(counts, _bad(made))

    def undo_step(self, operation: Operation) -> bool:
        """The newest step back."""
        return undo_step(operation)

    def finish(self, operation: Operation, imported: Import) -> None:
        """Who was brought by somebody who came later in the file."""
        introduce_late(operation, imported.by)

    def in_words(self, counts: dict[str, int]) -> str:
        """How many are new and how many changed."""
        new, changed = counts.get("created", 0), counts.get("updated", 0)
        line = ngettext("%(new)s new person", "%(new)s new people", new) % {"new": f"{new:,}"}
        return _("%(line)s, %(changed)s completed or changed.") % {"line": line, "changed": f"{changed:,}"}


def _bad(made: Plan) -> list[Bad]:
    return [Bad(step.draft.row, step.problems, step.item.cells) for step in made.steps if step.act is Act.FAIL]


def _prepare_photo(item: Item, reading: Reading) -> None:
    draft = item.built.draft
    if draft.photo:
        try:
            draft.photo = small_photo(draft.photo)
        except ValidationError:
            draft.photo = None
            reading.notices[_("Row %(row)s: the photo is not an image that can be read.") % {"row": draft.row}] += 1


def references_for(imported: Import, user: User) -> References:
    """Return what the drafts of `imported` may name. The owner is who the import chose: a colleague or nobody."""
    owner_id = imported.options.get("owner", user.pk)
    owner = User.objects.filter(pk=owner_id, is_active=True).first() if owner_id else None
    headers = {
        column.target.removeprefix("custom:"): header
        for column, header in zip(imported.mapped().columns, imported.headers, strict=False)
        if column.target.startswith("custom:")
    }
    return References(user, owner, headers)


def _sample(step: Step) -> dict[str, Any]:
    draft = step.draft
    points = [point.value for point in (*draft.emails[:1], *draft.phones[:1])]
    return {
        "name": draft.title[:80],
        "detail": " · ".join(
            filter(None, (draft.job_title[:40], draft.company[:40] if draft.kind == "contact" else "", *points))
        ),
        "act": step.act.value,
    }


def _reserve(made: Plan) -> dict[type[Model], Iterator[int]]:
    """Reserve ids for as many contacts, companies and notes as the batch can make."""
    created = [step for step in made.steps if step.act is Act.CREATE]
    people = sum(1 for step in created if step.draft.kind == "contact")
    return {
        Contact: iter(reserve_ids(Contact, people)),
        Company: iter(reserve_ids(Company, sum(1 for step in made.steps if step.draft.company))),
        Entry: iter(reserve_ids(Entry, sum(1 for step in made.steps if step.draft.notes))),
    }


def _write(made: Plan, maker: RowMaker, imported: Import, introducers: Introducers) -> tuple[Counter[str], Updater]:
    counts: Counter[str] = Counter()
    overwrite = imported.policy == Import.Policy.OVERWRITE
    updates = [step for step in made.steps if step.act is Act.UPDATE and step.known is not None]
    known: dict[tuple[type, int], Any] = {}
    for model, kind in ((Contact, "contact"), (Company, "company")):
        ids = [step.known for step in updates if step.draft.kind == kind and step.known is not None]
        if ids:
            known |= {(model, pk): value for pk, value in load(ids, model).items()}
    updater = Updater(maker, known, overwrite)
    for step in made.steps:
        if step.act is Act.JOIN and step.into is not None:
            first = made.steps[step.into]
            merge(first.draft, step.draft, overwrite=overwrite)
            first.custom = {**first.custom, **step.custom} if overwrite else {**step.custom, **first.custom}
    tags = imported.options.get("tags", [])
    for step in made.steps:
        act = step.act
        if act is Act.CREATE:
            _create(step, made, maker, tags, introducers)
        elif act is Act.UPDATE and step.known is not None:
            company = _company(step.draft, made, maker) if step.draft.kind == "contact" else None
            differs = updater.apply(step.known, step.draft, company, step.custom, tags)
            differs = _introduce_known(step.known, step.draft, updater, introducers) or differs
            act = Act.UPDATE if differs else Act.SKIP
        counts["updated" if act is Act.JOIN else act.value] += 1
    updater.save_before()
    maker.save()
    updater.save()
    return counts, updater


def _introduce_known(pk: int, draft: Draft, updater: Updater, introducers: Introducers) -> bool:
    if draft.kind != "contact" or not introducers.introduce(updater.known[Contact, pk][0], draft, is_new=False):
        return False
    updater.changes[Contact, pk].changed = True
    return True


def _create(step: Step, made: Plan, maker: RowMaker, tags: list[str], introducers: Introducers) -> None:
    draft = step.draft
    if draft.kind == "company":
        company = maker.new_company(draft.company, draft, step.custom, tags)
        made.companies.setdefault(company.sort_name, company.pk)
        return
    contact = maker.new_contact(draft, _company(draft, made, maker), step.custom, tags)
    introducers.introduce(contact, draft, is_new=True)


def _company(draft: Draft, made: Plan, maker: RowMaker) -> int | None:
    """Return the id of the company a person belongs to, made on the way when nobody knows it."""
    if not draft.company:
        return None
    found = made.company_for(draft)
    if found is None:
        company = maker.new_company(draft.company, draft)
        found = made.companies[fold(draft.company)[:300]] = company.pk
        if company.domain:
            made.companies[f"@{company.domain.casefold()}"] = found
    return found
