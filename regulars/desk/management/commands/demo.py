"""`bin/regulars demo`: bring the sample business in, or take it away."""

import time
from typing import Any

from django.core.management.base import CommandParser

from regulars.access.models import Organisation, User
from regulars.desk.demo import DEMO_PASSWORD, demo_operation, load_demo, load_demo_business, remove_demo
from regulars.desk.demo.cast import COLLEAGUES
from regulars.lib.commands import Failure, ProductCommand


class Command(ProductCommand):
    """Without an account it sets up Harbor & Pine itself; with one it adds sample people to the business."""

    help = "Bring in Harbor & Pine, a sample business with 600 people and three years of moments, or remove it."

    def add_options(self, parser: CommandParser) -> None:
        """Declare `--remove` and `--if-empty`."""
        parser.add_argument("--remove", action="store_true", help="take the sample data away again")
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there is an account already")

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        """Load or remove, and return counts and how to sign in."""
        owner = User.objects.filter(role="owner", is_active=True).order_by("pk").first()
        if options["remove"]:
            return {"removed": self._remove(owner)}
        if owner and options["if_empty"]:
            return self._said({}, Organisation.current())
        started = time.monotonic()
        try:
            operation = load_demo(by=owner) if owner else load_demo_business()
        except ValueError as problem:
            raise Failure(f"{problem} Remove it with: bin/regulars demo --remove") from problem
        counts = {
            label: operation.undo_steps.filter(model=f"contacts.{label}").count() for label in ("contact", "company")
        }
        counts["entry"] = operation.undo_steps.filter(model="timeline.entry").count()
        return self._said({**counts, "seconds": round(time.monotonic() - started, 1)}, Organisation.current())

    def _remove(self, owner: User | None) -> int:
        if owner is None or demo_operation() is None:
            raise Failure("There is no sample data here.")
        return remove_demo(by=owner)

    def _said(self, counts: dict[str, Any], organisation: Organisation | None) -> dict[str, Any]:
        if organisation and organisation.is_demo:
            counts |= {"email": COLLEAGUES[0][2], "password": DEMO_PASSWORD}
        return counts

    def tell(self, answer: dict[str, Any]) -> list[str]:
        """Say what was done in a line or two."""
        if "removed" in answer:
            return [f"The sample data is gone: {answer['removed']} records. What you added is still here."]
        lines = []
        if "contact" in answer:
            lines.append(
                f"Harbor & Pine is here: {answer['contact']} people, {answer['company']} companies and"
                f" {answer['entry']} moments, in {answer['seconds']} seconds."
            )
        if "email" in answer:
            lines.append(f"This is a demo. Sign in as {answer['email']} with the password {answer['password']}")
        return lines
