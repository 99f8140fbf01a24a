"""Bringing the sample data in the background, for the first of the three doors."""

from django.utils import translation
from django.utils.translation import gettext as _

from regulars.access.models import Operation
from regulars.access.operations import OperationError, OperationKind, register
from regulars.desk.demo.load import DEMO_KIND, load_demo

SAMPLE_KIND = "sample"


def sample_is_here() -> bool:
    """Whether the sample data is here or on its way."""
    here = Operation.objects.filter(kind=DEMO_KIND).exclude(status=Operation.Status.UNDONE)
    coming = Operation.objects.filter(kind=SAMPLE_KIND, status__in=[Operation.Status.WAITING, Operation.Status.RUNNING])
    return here.exists() or coming.exists()


def bring_sample(operation: Operation) -> bool:
    """Load the sample data in one step."""
    try:
        with translation.override("en"):  # it is written in English throughout
            load_demo(by=operation.by)
    except ValueError as problem:
        raise OperationError(str(problem)) from problem
    operation.result = {"sentence": _("Harbor & Pine is here. Meet Maya Okafor first.")}
    operation.advance(1)
    return False


def register_sample() -> None:
    """Make the operation known; called in `apps.ready()`."""
    register(OperationKind(SAMPLE_KIND, bring_sample))
