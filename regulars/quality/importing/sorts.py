"""What a file can be about: people, orders, products. The way of a file is the same for all; what differs stands here.

The wizard, the command, the background work, the file of bad rows and undo know only `Sort`. A sort says what columns
can mean, makes items of rows, and looks through or writes one batch of them.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple, Protocol

from django.utils.functional import Promise

from regulars.access.models import Operation, User
from regulars.quality.files.build import Problem
from regulars.quality.files.delimited import DelimitedTable
from regulars.quality.files.mapping import Column, Mapping
from regulars.quality.importing.ahead import Ahead
from regulars.quality.models import Import

Text = str | Promise
Choices = list[Any]


class Piece(Protocol):
    """What is written at once: made of one row of the file, or of several."""

    @property
    def rows(self) -> int:
        """How many rows of the file it is made of."""
        ...


class Bad(NamedTuple):
    """A row that can't be imported: its number, why, and its cells."""

    row: int
    problems: Sequence[Problem]
    cells: list[str]


@dataclass(slots=True)
class Outcome:
    """What became of a batch, or would become of it. `samples` are shown before the import."""

    counts: Counter[str] = field(default_factory=Counter)
    bad: list[Bad] = field(default_factory=list)
    samples: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Reading:
    """An open file in this process: where it stands, the batch that is ready, and what its sort keeps in mind.

    `ahead` reads the next batch meanwhile, where the sort allows it.
    """

    imported: Import
    pieces: Iterator[Any]
    cursor: int
    memory: Any
    batch: list[Any] = field(default_factory=list)
    ahead: Ahead | None = None
    notices: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Words:
    """What the pages of one sort say."""

    name: Text
    title: Text
    lede: Text
    accepts: Text
    known: Text
    policy: Text
    seen: Text
    see: Text
    see_url: str


class Sort(ABC):
    """One sort of file."""

    key: ClassVar[str]
    words: ClassVar[Words]
    policies: ClassVar[list[tuple[str, Text]]]
    endings: ClassVar[str] = ".csv,.txt,.tsv,.xlsx,text/csv"
    takes_cards: ClassVar[bool] = False
    kinds_label: ClassVar[Text] = ""
    kinds: ClassVar[list[tuple[str, Text]]] = []
    dated: ClassVar[frozenset[str]] = frozenset()
    batch: ClassVar[int] = 500
    reads_ahead_on: ClassVar[tuple[str, ...]] = ()  # where a thread goes through `pieces`, which ask no database then
    preview_batch: ClassVar[int] = 2000
    catching_up: ClassVar[Text] = ""
    extra_counts: ClassVar[list[tuple[str, Text]]] = []

    # What the columns mean.

    @abstractmethod
    def recognise(self, headers: list[str]) -> object | None:
        """Return the known export that these headers belong to, or None."""

    @abstractmethod
    def mapping_for(self, headers: list[str], samples: Sequence[Sequence[str]]) -> Mapping:
        """Return the best mapping for a file with these headers and first rows."""

    @abstractmethod
    def target_choices(self, user: User) -> Choices:
        """Return the places that a column can go to, by section."""

    @abstractmethod
    def has_target(self, target: str) -> bool:
        """Whether a column can go to `target`."""

    @abstractmethod
    def label_of(self, target: str) -> Text:
        """Return what a target is called."""

    @abstractmethod
    def missing(self, kind: str, targets: set[str]) -> str:
        """Return what no column says although nothing can be imported without it, as one sentence, or ""."""

    def settle(self, column: Column, values: Iterable[str]) -> Column:
        """Return `column` with the order of its dates, when it holds dates."""
        return column

    def new_field(self, header: str, spec: str, kind: str, user: User) -> str:
        """Return the target that the choice `spec` stands for; a sort may make fields of the business's own."""
        return spec

    # Rows.

    def table(self, imported: Import) -> DelimitedTable:
        """Return the stored file as a table."""
        return DelimitedTable(imported.path, known=self.recognise)

    def count(self, imported: Import) -> int:
        """Return how many rows the file has; reads it once."""
        return sum(1 for _row in self.table(imported).rows())

    @abstractmethod
    def pieces(self, imported: Import, skip: int = 0) -> Iterator[Any]:
        """Yield what the file holds, without the pieces of its first `skip` rows. Raises FileProblem."""

    @abstractmethod
    def texts(self, piece: Any) -> Iterator[str]:
        """Yield every text of a piece by which a person could be known: for erasure."""

    # The work.

    def batch_size(self, imported: Import, *, preview: bool) -> int:
        """Return how many pieces one batch has."""
        return self.preview_batch if preview else self.batch

    def new_memory(self) -> Any:
        """Return what is kept in mind from one batch to the next, in this process."""
        return None

    def prepare(self, reading: Reading) -> None:
        """Do, outside the transaction, what can be done before a batch is written."""
        return

    @abstractmethod
    def look(self, reading: Reading) -> Outcome:
        """Say what the batch would become; writes nothing."""

    @abstractmethod
    def write(self, operation: Operation, reading: Reading) -> Outcome:
        """Write the batch with its undo steps, in the caller's transaction."""

    @abstractmethod
    def undo_step(self, operation: Operation) -> bool:
        """Take back one batch; returns whether there is more."""

    def is_catching_up(self, operation: Operation) -> bool:
        """Whether `catch_up` goes on before the next batch is read; the progress then says `catching_up`."""
        return False

    def catch_up(self, operation: Operation) -> bool:
        """Do some of what batches left to be done for many of them at once, in the caller's transaction.

        Called before the import ends, even when it is stopped or fails, until it returns False: nothing was left.
        """
        return False

    def finish(self, operation: Operation, imported: Import) -> None:
        """Do what can only be done when all of the file is in."""
        return

    @abstractmethod
    def in_words(self, counts: dict[str, int]) -> str:
        """Return what came of an import, as a notification says it."""


_sorts: dict[str, Sort] = {}


def register(sort: Sort) -> None:
    """Make `sort` known; called in `apps.ready()`."""
    _sorts[sort.key] = sort


def sort_of(imported: Import) -> Sort:
    """Return the sort of an import."""
    return _sorts[imported.what]


def sort_called(key: str) -> Sort:
    """Return the sort called `key`. Raises KeyError."""
    return _sorts[key]


def sorts() -> list[Sort]:
    """Return all sorts, people first."""
    return list(_sorts.values())
