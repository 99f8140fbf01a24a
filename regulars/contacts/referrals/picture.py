"""The referral tree as a file: an SVG picture that any program opens, and the rows of a table."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.contacts.referrals.tree import Branch, Tree
from regulars.contacts.referrals.value import all_values

DRAWN = 2_000  # people in a picture; a table holds everybody
LINE, STEP = 28, 220  # height of a line, width of a generation, in pixels
LENGTH = 26  # letters of a name
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#23302a}.q{fill:#6b7671;font-size:11px}path{fill:none;stroke:#c9d2cc}"
)


def draw_svg(tree: Tree, title: str) -> str:
    """Return the tree as SVG: one line for each person, generations from left to right, at most DRAWN people."""
    rows = list(tree.everyone(DRAWN))
    place = {0: (0, 0)}
    parts = [_label(0, 0, title, ngettext("%d person", "%d people", tree.top.people) % tree.top.people)]
    for number, branch in enumerate(rows, 1):
        x, y = branch.depth * STEP, number * LINE
        place[branch.node] = (x, y)
        parts.append(_twig(*place.get(branch.parent, (0, 0)), x, y))
        parts.append(_label(x, y, name_of(branch), f"{branch.people}" if branch.people else ""))
    left = tree.top.people - len(rows)
    if left > 0:
        words = ngettext("and %d more", "and %d more", left) % left
        parts.append(_label(0, (len(rows) + 1) * LINE, words, ""))
    width = max((x for x, _y in place.values()), default=0) + STEP + 40
    height = (len(rows) + 2) * LINE + 20
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="-20 -20 {width} {height}" role="img" aria-label="{_attribute(title)}">'
    )
    return f"{head}<style>{_STYLE}</style>{''.join(parts)}</svg>"


def _twig(x0: int, y0: int, x: int, y: int) -> str:
    return f'<path d="M{x0 + 8} {y0 + 8}V{y - 4}H{x - 6}"/>'


def _label(x: int, y: int, name: str, count: str) -> str:
    short = name if len(name) <= LENGTH else f"{name[: LENGTH - 1]}…"
    beside = f'<tspan class="q" dx="8">{escape(count)}</tspan>' if count else ""
    return f'<text x="{x}" y="{y}">{escape(short)}{beside}</text>'


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})


def name_of(branch: Branch) -> str:
    """Return the name of a branch, or words for somebody whom the reader may not know of."""
    return branch.holder.display_name if branch.holder else _("Somebody else")


def heads() -> list[str]:
    """The heads of the table."""
    fixed = [_("Generation"), _("Name"), _("Brought by"), _("When"), _("How"), _("Brought"), _("In the branch")]
    return fixed + [str(value.label) for value in all_values()]


def rows_of(tree: Tree, title: str) -> Iterator[list[str]]:
    """Yield a row for everybody in the tree, each below the one they belong to."""
    names = {0: title}
    for branch in tree.everyone():
        names[branch.node] = name_of(branch)
        day = timezone.localtime(branch.brought_at).date() if branch.brought_at else None
        yield [
            str(branch.depth),
            names[branch.node],
            names.get(branch.parent, title),
            date_format(day, "Y-m-d") if day else "",
            branch.how_words,
            str(branch.direct),
            str(branch.people),
            *(value.words(branch.sums[value.key]) if value.key in branch.sums else "" for value in all_values()),
        ]
