"""The operations behind an import: a preview that only counts, and the import itself, batch by batch.

Each batch is read and built outside the transaction, then written with its cursor, its bad rows and its undo steps in
one short transaction. A worker that is killed has written a batch whole or not at all, so whoever goes on begins at
the cursor and brings nothing twice.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.access.models import Operation, User
from regulars.access.models.audit import audit
from regulars.access.operations import OperationError, tell_starter
from regulars.contacts.models import Company, Contact
from regulars.lib.planner import refresh_statistics
from regulars.lib.text import fold
from regulars.quality.files.draft import Draft, merge
from regulars.quality.files.problems import FileProblem
from regulars.quality.importing.fast import reserve_ids
from regulars.quality.importing.introducers import Introducers, introduce_late
from regulars.quality.importing.photos import small_photo
from regulars.quality.importing.planning import Act, Plan, Seen, Step, plan
from regulars.quality.importing.references import References
from regulars.quality.importing.source import Item, habits, items
from regulars.quality.importing.undoing import remember_created, remember_updated
from regulars.quality.importing.updating import Updater, load
from regulars.quality.importing.writing import RowMaker
from regulars.quality.models import Import, ImportProblem
from regulars.timeline.models import Entry

IMPORT, PREVIEW = "import", "import-preview"
BATCH, PREVIEW_BATCH, CARD_BATCH = 500, 2000, 100
NOTICES, PROBLEMS = 20, 1000
BIG = 1000  # rows


@dataclass(slots=True)
class Reading:
    """An open file in this process: where it stands, and the batch that is ready."""

    imported: Import
    items: Iterator[Item]
    cursor: int
    batch: list[Item] = field(default_factory=list)
    seen: Seen = field(default_factory=Seen)
    notices: Counter[str] = field(default_factory=Counter)
    learnt: set[str] = field(default_factory=set)


_readings: dict[int, Reading] = {}


def _reading(operation: Operation) -> Reading:
    """Return the open file of `operation`, opened at its cursor when this process has not got it."""
    cursor = operation.state.get("cursor", 0)
    reading = _readings.get(operation.pk)
    if reading is None or reading.cursor != cursor:  # also when the batch before was taken back
        imported = Import.objects.select_related("by").get(pk=operation.state["import"])
        reading = _readings[operation.pk] = Reading(imported, items(imported, skip=cursor), cursor)
    return reading


def prepare(operation: Operation) -> None:
    """Read and build the next batch, outside the transaction."""
    if operation.status == Operation.Status.UNDOING:
        return
    if operation.kind == PREVIEW and operation.pk not in _readings and operation.state.get("cursor"):
        operation.state, operation.result, operation.done = {"import": operation.state["import"]}, {}, 0
    try:
        reading = _reading(operation)
        reading.batch = list(islice(reading.items, _batch_size(operation, reading.imported)))
    except FileProblem as problem:
        raise OperationError(str(problem)) from problem
    except OSError as problem:
        raise OperationError(_("The file can't be read any more; bring it again.")) from problem
    if operation.kind == IMPORT:
        for item in reading.batch:
            _prepare_photo(item, reading)


def _batch_size(operation: Operation, imported: Import) -> int:
    if imported.kind == Import.Kind.VCARD:
        return CARD_BATCH
    return PREVIEW_BATCH if operation.kind == PREVIEW else BATCH


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


def preview_step(operation: Operation) -> bool:
    """Count what the next batch would become; writes only the counts."""
    reading = _reading(operation)
    user = reading.imported.by
    references = references_for(reading.imported, user)
    made = plan(reading.batch, user, reading.imported.policy, references, habits().region, reading.seen)
    counts = Counter(step.act.value for step in made.steps)
    counts["updated"] += counts.pop(Act.JOIN.value, 0)
    if not operation.result.get("sample"):
        operation.result["sample"] = [_sample(step) for step in made.steps[:6]]
    problems = operation.result.setdefault("problems", [])
    for step in made.steps:
        if step.act is Act.FAIL and len(problems) < PROBLEMS:
            problems.extend([[step.draft.row, p.field, p.message] for p in step.problems])
    _add_counts(operation, counts, len(reading.batch))
    return _finish_batch(operation, reading, bool(reading.batch))


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


def import_step(operation: Operation) -> bool:
    """Write the next batch with its cursor, bad rows and undo steps."""
    reading = _reading(operation)
    imported = reading.imported
    user = imported.by
    references = references_for(imported, user)
    region = habits().region
    made = plan(reading.batch, user, imported.policy, references, region, Seen())
    maker = RowMaker(user, region, timezone.now(), references, _reserve(made), learnt=reading.learnt)
    introducers = Introducers(maker, [step.draft for step in made.steps])
    counts, updater = _write(made, maker, imported, introducers)
    introducers.save(operation)
    remember_created(operation, maker.contacts, maker.companies, references.new_tags)
    remember_updated(operation, updater, maker)
    ImportProblem.objects.bulk_create(
        [
            row
            for step in made.steps
            if step.act is Act.FAIL
            for row in ImportProblem.rows_for(imported, step.draft.row, step.problems, step.item.cells)
        ]
    )
    reading.notices.update(references.unknown)
    own = sum(1 for step in made.steps if step.act is Act.CREATE and step.draft.kind == "company")
    counts["companies"] += len(maker.companies) - own
    operation.result["notices"] = dict(reading.notices.most_common(NOTICES))
    _add_counts(operation, counts, len(reading.batch))
    return _finish_batch(operation, reading, bool(reading.batch))


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


def _add_counts(operation: Operation, counts: Counter[str], rows: int) -> None:
    total = Counter(operation.result.get("counts", {})) + counts
    total["rows"] += rows
    operation.result["counts"] = dict(total)


def _finish_batch(operation: Operation, reading: Reading, more: bool) -> bool:
    reading.cursor += len(reading.batch)
    operation.advance(len(reading.batch), cursor=reading.cursor)
    reading.batch = []
    return more


def finish_preview(operation: Operation) -> None:
    """Keep the counts with the import."""
    _readings.pop(operation.pk, None)
    Import.objects.filter(pk=operation.state["import"]).update(counts=operation.result.get("counts", {}))


def finish_import(operation: Operation) -> None:
    """Keep the counts with the import, write the audit line, and let go of the file."""
    _readings.pop(operation.pk, None)
    imported = Import.objects.filter(pk=operation.state["import"]).first()
    if imported is None:
        return
    if operation.status != Operation.Status.UNDONE:
        introduce_late(operation, imported.by)
        Import.objects.filter(pk=imported.pk).update(counts=operation.result.get("counts", {}))
    imported.forget_preview()
    imported.let_go_of_file()
    verb = "undid the import of" if operation.status == Operation.Status.UNDONE else "imported"
    audit(verb, by=imported.by, kind="file", object_id=imported.pk, title=imported.name,
          changes=operation.result.get("counts", {}))  # fmt: skip
    tell_starter(operation, _in_words(operation))
    if operation.done >= BIG:  # the planner should know at once that there are many more people now
        refresh_statistics()


def _in_words(operation: Operation) -> str:
    """How many are new and how many changed, as a notification says it; "" for one that did not end well."""
    if operation.status != Operation.Status.DONE:
        return ""
    counts = operation.result.get("counts", {})
    new, changed = counts.get("created", 0), counts.get("updated", 0)
    line = ngettext("%(new)s new person", "%(new)s new people", new) % {"new": f"{new:,}"}
    return _("%(line)s, %(changed)s completed or changed.") % {"line": line, "changed": f"{changed:,}"}
