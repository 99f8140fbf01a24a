"""What imports still know of a person who is erased: bad rows, previews, files that wait to be imported, and what their
orders were before an import."""

from regulars.contacts.actions.erasing import Traces, on_erase
from regulars.quality.actions import discard
from regulars.quality.files.problems import FileProblem
from regulars.quality.importing.sorts import sort_of
from regulars.quality.importing_orders.undoing import forget_orders
from regulars.quality.models import Import, ImportProblem


def register() -> None:
    """Take part in every erasure."""
    on_erase(forget_person)


def forget_person(traces: Traces) -> None:
    """Blank the person in bad rows and previews; files that wait and hold them are dropped, to be brought again."""
    for problem in ImportProblem.objects.exclude(cells=None).iterator(chunk_size=500):
        cells = [traces.without(cell) for cell in problem.cells or []]
        message = traces.without(problem.message)
        if cells != problem.cells or message != problem.message:
            ImportProblem.objects.filter(pk=problem.pk).update(cells=cells, message=message)
    forget_orders(traces)
    for imported in Import.objects.filter(operation=None).exclude(file=""):
        if _holds(imported, traces):
            discard(imported)


def _holds(imported: Import, traces: Traces) -> bool:
    """Whether a waiting file names the person by a full name or a way to reach them."""
    telling = {name.casefold() for name in traces.names if " " in name or "@" in name or name.lstrip("+").isdigit()}
    try:
        sort = sort_of(imported)
        for piece in sort.pieces(imported):
            if not telling.isdisjoint(text.strip().casefold() for text in sort.texts(piece)):
                return True
    except (FileProblem, OSError):
        return False
    return False
