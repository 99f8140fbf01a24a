"""How a form field is drawn: label, control, help and errors, tied together for screen readers."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

TEXTAREA = forms.Textarea
SELECTS = (forms.Select, forms.SelectMultiple)
GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def draw_field(bound: BoundField, *, label: Any, hint: Any, attrs: dict[str, Any]) -> SafeString:
    """Return the whole of one field. `attrs` become attributes of the control (`_` written as `-`).

    An invalid field is marked `aria-invalid` and described by its errors; a form sent back with 422 needs
    no more.
    """
    widget = bound.field.widget
    if bound.is_hidden:
        return bound.as_hidden()
    help_text = bound.help_text if hint is None else hint
    control = {key.replace("_", "-"): value for key, value in attrs.items()}
    described = " ".join(
        part
        for part, there in ((f"{bound.auto_id}_hint", help_text), (f"{bound.auto_id}_errors", bound.errors))
        if there
    )
    if described:
        control["aria-describedby"] = described
    if bound.errors:
        control["aria-invalid"] = "true"
    notes = format_html("{}{}", _draw_hint(bound, help_text), _draw_errors(bound))
    words = bound.label if label is None else label
    if isinstance(widget, GROUPS):
        return _draw_group(bound, words, notes, described)
    control.setdefault("class", _look(widget))
    if isinstance(widget, forms.CheckboxInput):
        return format_html(
            '<div class="field"><div class="field" data-inline>{}<label for="{}">{}</label></div>{}</div>',
            bound.as_widget(attrs=control),
            bound.id_for_label,
            words,
            notes,
        )
    return format_html(
        '<div class="field">{}{}{}</div>', _draw_label(bound, words), bound.as_widget(attrs=control), notes
    )


def _look(widget: forms.Widget) -> str:
    given = widget.attrs.get("class", "")
    look = "textarea" if isinstance(widget, TEXTAREA) else "select" if isinstance(widget, SELECTS) else "input"
    return f"{look} {given}".strip()


def _draw_label(bound: BoundField, words: Any) -> SafeString:
    optional = "" if bound.field.required else format_html(' <span class="optional">{}</span>', _("optional"))
    return format_html('<label for="{}">{}{}</label>', bound.id_for_label, words, optional)


def _draw_hint(bound: BoundField, text: Any) -> SafeString:
    return format_html('<p class="hint" id="{}_hint">{}</p>', bound.auto_id, text) if text else mark_safe("")


def _draw_errors(bound: BoundField) -> SafeString:
    if not bound.errors:
        return mark_safe("")
    lines = format_html_join("", "<li>{}</li>", ((error,) for error in bound.errors))
    return format_html('<ul class="errors" id="{}_errors">{}</ul>', bound.auto_id, lines)


def _draw_group(bound: BoundField, words: Any, notes: SafeString, described: str) -> SafeString:
    options = list(bound)
    for option in options:
        option.data["attrs"]["class"] = "input"
    choices = format_html_join(
        "",
        '<label class="chip" for="{}">{} {}</label>',
        ((option.id_for_label, option.tag(), option.choice_label) for option in options),
    )
    return format_html(
        '<fieldset class="field"{}><legend class="field-label mb-1.5">{}</legend>'
        '<div class="choices">{}</div>{}</fieldset>',
        format_html(' aria-describedby="{}"', described) if described else "",
        words,
        choices,
        notes,
    )
