"""Imports: a file, what its columns mean, and what became of its rows."""

from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from regulars.access.models import Operation, User
from regulars.quality.files.build import Problem
from regulars.quality.files.mapping import Mapping

KEEP_BAD_ROWS = timedelta(days=30)


class ImportQuerySet(models.QuerySet["Import"]):
    """Reading imports."""

    def visible_to(self, user: User) -> "ImportQuerySet":
        """Imports that `user` may know of: their own, and everybody's for those who see all."""
        return self.all() if user.sees_all else self.filter(by=user)


class Import(models.Model):
    """One file of people, orders or products on its way in; `what` is the key of its sort (importing/sorts.py).

    The file is kept only until its rows are in; bad rows stay for 30 days, so that they can be mended. `counts` holds
    the result of the last look: of the preview until the import runs, then of the import.
    """

    class Kind(models.TextChoices):
        """What sort of file it is."""

        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"
        VCARD = "vcard", "vCard"

    class Policy(models.TextChoices):
        """What to do with people we know already."""

        SKIP = "skip", _("Leave them as they are")
        FILL = "fill", _("Fill in what is missing")
        OVERWRITE = "overwrite", _("Let the file win")
        CREATE = "create", _("Add them again")

    what = models.CharField(max_length=20, default="contacts", help_text="The sort: contacts, orders, products.")
    by = models.ForeignKey(User, models.PROTECT, related_name="imports")
    name = models.CharField(max_length=200, help_text="The file's name.")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    file = models.FileField(upload_to="imports/%Y/%m/", blank=True)
    size = models.PositiveBigIntegerField(help_text="Bytes, as it came.")
    headers = models.JSONField(default=list)
    mapping = models.JSONField(default=dict, help_text="See `files.mapping`; empty for vCards.")
    is_mapped = models.BooleanField(default=False, help_text="Whether the mapping is settled.")
    policy = models.CharField(max_length=9, choices=Policy.choices, default=Policy.SKIP)
    options = models.JSONField(default=dict, help_text="owner, tags: what everyone in the file gets.")
    counts = models.JSONField(default=dict, help_text="rows, created, updated, skipped, failed, companies.")
    preview = models.OneToOneField(Operation, models.SET_NULL, null=True, blank=True, related_name="previewed_import")
    operation = models.OneToOneField(Operation, models.SET_NULL, null=True, blank=True, related_name="imported")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["by", "-created_at"], name="import_newest")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page that shows the next step."""
        return reverse("import-file", args=[self.pk])

    @property
    def path(self) -> Path:
        """Where the rows are on disk: the file itself, or the CSV that a workbook was turned into."""
        return Path(self.file.path)

    def mapped(self) -> Mapping:
        """Return the mapping of the columns."""
        return Mapping.from_json(self.mapping) if self.mapping else Mapping([])

    def forget_preview(self) -> None:
        """Keep only the counts of the preview: the people it showed are in by now, or were put aside."""
        if self.preview is not None:
            counts = self.preview.result.get("counts", {})
            Operation.objects.filter(pk=self.preview.pk).update(result={"counts": counts})

    def let_go_of_file(self) -> None:
        """Delete the file: its rows are in, and it would only be a copy of people's data."""
        if self.file:
            self.file.delete(save=False)
            Import.objects.filter(pk=self.pk).update(file="")


class ImportProblem(models.Model):
    """What is wrong with one row; the row itself stands on its first problem."""

    imported = models.ForeignKey(Import, models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField(help_text="As a spreadsheet counts; for vCards the number of the card.")
    field = models.CharField(max_length=200, blank=True, help_text="The header of the cell; empty: the row as a whole.")
    message = models.CharField(max_length=500)
    cells = models.JSONField(null=True, help_text="The row as it came, on its first problem.")

    class Meta:
        ordering = ["row", "pk"]

    def __str__(self) -> str:
        return f"{self.row}: {self.message}"

    @classmethod
    def rows_for(cls, imported: Import, row: int, problems: list[Problem], cells: list[str]) -> list["ImportProblem"]:
        """Return unsaved rows for the problems of one row of the file."""
        return [
            cls(
                imported=imported,
                row=row,
                field=problem.field[:200],
                message=problem.message[:500],
                cells=[cell[:2000] for cell in cells] if position == 0 else None,
            )
            for position, problem in enumerate(problems)
        ]


class RememberedMapping(models.Model):
    """What the columns of files with these headers meant last time."""

    fingerprint = models.CharField(max_length=64, unique=True)
    mapping = models.JSONField()
    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    used_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.fingerprint[:8]
