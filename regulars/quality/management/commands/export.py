"""`bin/regulars export contacts FILE`: take people, companies or everything out."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from regulars.access.models import Organisation, User
from regulars.access.models.audit import audit
from regulars.contacts.filters import Scope
from regulars.contacts.models import Company, Contact, Segment
from regulars.contacts.segments.reading import people_in
from regulars.lib.commands import BadUse, Failure, ProductCommand
from regulars.lib.exports import Table, format_named
from regulars.quality import archive
from regulars.quality.exporting import whole_table
from regulars.quality.management.commands import colleague

ENDINGS = {".csv": "csv", ".xlsx": "xlsx", ".vcf": "vcard"}


class Command(ProductCommand):
    help = "Take contacts or companies out as CSV, XLSX or vCard, by the file's ending; or everything as one archive."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["contacts", "companies", "everything"], help="what to take out")
        parser.add_argument("file", type=Path, metavar="FILE", help="ends in .csv, .xlsx or .vcf; .zip for everything")
        parser.add_argument("--segment", metavar="NAME", help="only the people of this segment")
        parser.add_argument("--by", metavar="EMAIL", help="the colleague who exports (default: the owner)")

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        begun = time.monotonic()
        user = colleague(options["by"], "export")
        path: Path = options["file"]
        if options["what"] == "everything":
            return self._everything(path, user, begun)
        host = "company" if options["what"] == "companies" else "contact"
        format = format_named(ENDINGS.get(path.suffix.lower(), ""), host)
        if format is None:
            raise BadUse(f"{path.name}: end the name in .csv, .xlsx or .vcf.")
        model = Company if host == "company" else Contact
        records = model.objects.visible_to(user).order_by("pk")
        if options["segment"]:
            records = self._people_of(options["segment"], host, user).order_by("pk")
        ids = records.values_list("pk", flat=True).iterator(chunk_size=2000)
        table = Table("", host, [], [], ids, user) if format.name == "vcard" else whole_table(host, ids, user)
        try:
            with path.open("wb") as out:
                for piece in format.write(table):
                    out.write(piece)
        except OSError as problem:
            raise Failure(f"{path} can't be written: {problem.strerror}.") from problem
        count = records.count()
        audit("exported", by=user, kind=host, title=path.name, changes={"format": format.name, "rows": count})
        return {"file": str(path), "rows": count, "seconds": round(time.monotonic() - begun, 2)}

    def _people_of(self, name: str, host: str, user: User) -> Any:
        """Return the people of the segment called `name`; their own comes before one that is shared."""
        found = sorted(Segment.objects.visible_to(user).filter(name=name), key=lambda one: one.owner_id != user.pk)
        if host != "contact" or not found:
            raise BadUse(f"There is no segment of people called {name}.")
        return people_in(found[0], Scope(host, user, Organisation.current()))

    def _everything(self, path: Path, user: User, begun: float) -> dict[str, Any]:
        """Write the archive that `restore` and another installation read. Only those who own the business may."""
        if not user.can("own"):
            raise Failure(f"{user.name} may not export everything: only an owner may.")
        if path.exists():
            raise BadUse(f"{path} exists already.")
        try:
            manifest = archive.write(path)
        except archive.ArchiveError as error:
            raise Failure(str(error)) from error
        except OSError as error:
            raise Failure(f"{path} can't be written: {error.strerror or error}") from error
        audit("exported", by=user, kind="everything", title=path.name, changes={"rows": manifest.rows})
        return {"file": str(path), "rows": manifest.rows, "seconds": round(time.monotonic() - begun, 2)}

    def tell(self, answer: dict[str, Any]) -> Iterable[str]:
        yield f"Wrote {answer['rows']} rows to {answer['file']} in {answer['seconds']} s."
