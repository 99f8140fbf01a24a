"""The sandbox in which greetings are filled in: Liquid, which loads only where a greeting is read or written.

Templates are written by the business, so they run without loops, with few filters, bounded in size and output.
"""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from liquid import Environment
from liquid.exceptions import LiquidError

from regulars.contacts.dates.greetings import LONGEST, GreetingError

_TAGS = {"#", "assign", "case", "comment", "content", "if", "illegal", "output", "unless"}
_FILTERS = {"append", "capitalize", "default", "downcase", "minus", "plus", "prepend", "strip", "truncate", "upcase"}


class _Sandbox(Environment):
    """Liquid without loops, files and long outputs: the work is bounded by the length of the template."""

    output_stream_limit = LONGEST * 4
    local_namespace_limit = LONGEST * 4
    loop_iteration_limit = 1
    context_depth_limit = 10
    block_nesting_limit = 10


@cache
def _sandbox() -> _Sandbox:
    made = _Sandbox()
    made.tags = {name: tag for name, tag in made.tags.items() if name in _TAGS}
    made.filters = {name: one for name, one in made.filters.items() if name in _FILTERS}
    return made


def check(template: str, names: Collection[str]) -> None:
    """Raise GreetingError when `template` can't be read or names something that is not among `names`."""
    if len(template) > LONGEST:
        raise GreetingError(_("This is too long for a greeting: at most %d characters.") % LONGEST)
    try:
        parsed = _sandbox().from_string(template)
        unknown = sorted(name for name in parsed.analyze().globals if name not in names)
    except LiquidError as problem:
        raise GreetingError(_in_words(problem)) from None
    except RecursionError:
        raise GreetingError(_("This is nested too deeply.")) from None
    if unknown:
        raise GreetingError(_("There is no “%(name)s”. Known are: %(names)s.") % {
            "name": unknown[0], "names": ", ".join(names)
        })  # fmt: skip
    fill(template, {})


def fill(template: str, values: Mapping[str, Any]) -> str:
    """Return `template` with `values` in it. Raises GreetingError where that is not possible."""
    try:
        said = {name: value or None for name, value in values.items()}  # to Liquid an empty text is true
        text = _sandbox().from_string(template[:LONGEST]).render(**said)
    except LiquidError as problem:
        raise GreetingError(_in_words(problem)) from None
    lines = [line.rstrip() for line in text[:LONGEST].strip().splitlines()]
    kept = [line for n, line in enumerate(lines) if line or (n and lines[n - 1])]  # at most one empty line at a time
    return "\n".join(kept)


def _in_words(problem: LiquidError) -> str:
    """Return what is wrong and in which line."""
    found = problem.context() if problem.token is not None else None
    said = str(getattr(problem, "message", "") or problem.args[0]).strip()
    if not found:
        return _("Liquid says: %s.") % said
    return _("Line %(line)d: Liquid says “%(problem)s”.") % {"line": found[0], "problem": said}
