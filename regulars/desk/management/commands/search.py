"""`bin/regulars search`: what the palette finds, in a terminal."""

from collections.abc import Iterable
from typing import Any

from django.core.management.base import CommandParser

from regulars.access.models import Role, User
from regulars.lib.commands import BadUse, Failure, ProductCommand
from regulars.lib.search import search


class Command(ProductCommand):
    """Searches as one colleague sees it: by default the owner of the business."""

    help = "Find people, companies, tags and moments, as the search box does."

    def add_options(self, parser: CommandParser) -> None:
        """Declare the text, whose eyes to look with, and how much to show."""
        parser.add_argument("text", nargs="+", help="what to find: parts of a name, digits, an email, words")
        parser.add_argument("--as", dest="email", metavar="EMAIL", help="look as this colleague (default: the owner)")
        parser.add_argument("--kind", help="only this kind: contact, company, tag or entry")
        parser.add_argument("--limit", type=int, default=20, help="at most so many of each kind (default: %(default)s)")

    def answer(self, options: dict[str, Any]) -> list[dict[str, Any]]:
        """Return kind, id, title, detail and url of each thing found, the best first."""
        if not 1 <= options["limit"] <= 100:
            raise BadUse("--limit is a number from 1 to 100.")
        user = _colleague(options["email"])
        groups = search(user, " ".join(options["text"]), options["limit"], options["kind"] or "")
        return [hit.as_json() for group in groups for hit in group.hits]

    def tell(self, answer: list[dict[str, Any]]) -> Iterable[str]:
        """One line for each thing found."""
        if not answer:
            return ["Nothing found."]
        width = max(len(hit["title"]) for hit in answer)
        return [f"{hit['kind']:<8} {hit['id']:>8}  {hit['title']:<{min(width, 50)}}  {hit['detail']}" for hit in answer]


def _colleague(email: str | None) -> User:
    users = User.objects.filter(is_active=True)
    if email:
        found = users.filter(email__iexact=email).first()
        if found is None:
            raise BadUse(f"There is no colleague with the email {email}.")
        return found
    found = users.filter(role=Role.OWNER).order_by("pk").first()
    if found is None:
        raise Failure("There is no account yet: bin/regulars setup makes the first one.")
    return found
