"""`bin/regulars setup`: the first account without a browser."""

import getpass
import sys
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from regulars.access.models import Organisation, User
from regulars.access.trades import TRADES
from regulars.desk.actions import AlreadySetUp, set_up_business
from regulars.desk.forms import SetUpForm
from regulars.lib import places
from regulars.lib.commands import BadUse, Failure, ProductCommand

OPTION_OF = {"time_zone": "--timezone"}

# What the form asks for besides, a first goal, is set on its own page.
BUSINESS = ("business", "trade", "currency", "time_zone", "language", "country", "name", "email", "password")


class Command(ProductCommand):
    help = "Set the business and its owner's account up, while there is no account yet."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--business", required=True, help="the name of the business")
        parser.add_argument("--name", required=True, help="the owner's name")
        parser.add_argument("--email", required=True, help="the owner's email, to sign in with")
        parser.add_argument("--password", help="the owner's password; asked for when it is not given")
        parser.add_argument("--trade", default="other", metavar="TRADE", help=f"one of {', '.join(TRADES)} (other)")
        parser.add_argument("--currency", default="EUR", metavar="CODE", help="three letters (EUR)")
        parser.add_argument("--timezone", default="UTC", metavar="ZONE", help="for example Europe/Lisbon (UTC)")
        parser.add_argument("--country", default="", metavar="CODE", help="two letters (the time zone's)")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, metavar="CODE", help="of the interface (en)")

    def answer(self, options: dict[str, Any]) -> dict[str, str]:
        if Organisation.current() or User.objects.exists():
            raise Failure("This installation is set up already.")
        form = SetUpForm(self._asked(options))
        if not form.is_valid():
            raise BadUse(_first_problem(form))
        try:
            owner = set_up_business(**{name: form.cleaned_data[name] for name in BUSINESS})
        except AlreadySetUp as error:
            raise Failure(str(error)) from error
        return {"business": form.cleaned_data["business"], "owner": owner.name, "email": owner.email}

    def _asked(self, options: dict[str, Any]) -> dict[str, Any]:
        password = options["password"]
        if password is None:
            if not sys.stdin.isatty():
                raise BadUse("--password is missing.")
            password = getpass.getpass("Password of the owner: ")
        same = ("business", "name", "email", "trade", "language")
        return {
            **{name: options[name] for name in same},
            "password": password,
            "currency": options["currency"].upper(),
            "country": options["country"].upper() or places.country_of(options["timezone"]),
            "time_zone": options["timezone"],
        }

    def tell(self, answer: dict[str, str]) -> Iterable[str]:
        yield f"{answer['business']} is set up. bin/run serves it; {answer['owner']} signs in as {answer['email']}."


def _first_problem(form: SetUpForm) -> str:
    name, problems = next(iter(form.errors.items()))
    return f"{OPTION_OF.get(name, f'--{name}')}: {problems[0]}"
