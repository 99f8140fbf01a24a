"""Form controls of our own."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from regulars.lib.text import number_in


class Combobox(forms.Widget):
    """Picks one or several records by searching instead of listing them all.

    `url_name` names the view that answers `?q=` with options (see `docs/interface.md`). `multiple` keeps
    several as chips, `free` takes words that no option has, `eager` asks as soon as the control is entered.
    Works with ModelChoiceField and ModelMultipleChoiceField without reading the whole table, and with plain
    values.
    """

    choices: Any = ()

    def __init__(
        self,
        url_name: str,
        *,
        multiple: bool = False,
        free: bool = False,
        eager: bool = False,
        attrs: dict[str, Any] | None = None,
    ) -> None:
        self.url_name, self.multiple, self.free, self.eager = url_name, multiple, free, eager
        super().__init__(attrs)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the chosen key, or the list of them."""
        if not self.multiple:
            return data.get(name)
        chosen = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return [value for value in chosen if value]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """An empty choice sends nothing, which is a choice too."""
        return False

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Return the control: hidden inputs with what is chosen, the search input and its empty list."""
        known = self._labels(value)
        control = {**self.attrs, **(attrs or {})}
        control["class"] = f"input {control.get('class', '').replace('input', '').strip()}".strip()
        identity = str(control.get("id") or f"id_{name}")
        shown = "" if self.multiple else (known[0][1] if known else "")
        flags = "".join(f" data-{flag}" for flag in ("multiple", "free", "eager") if getattr(self, flag))
        return format_html(
            '<div class="combobox" data-behaviour="combobox" data-url="{}" data-name="{}" data-remove="{}"{}>'
            '<div class="combobox-values" data-values>{}</div>'
            '<input type="text" role="combobox" aria-expanded="false" aria-autocomplete="list" '
            'aria-controls="{}_list" autocomplete="off" spellcheck="false" value="{}"{}>'
            '<ul class="listbox" role="listbox" id="{}_list" aria-label="{}" hidden></ul></div>',
            reverse(self.url_name),
            name,
            _("Remove"),
            mark_safe(flags),  # noqa: S308  (three fixed words)
            self._draw_values(name, known),
            identity,
            shown,
            format_html_join(
                "", ' {}="{}"', ((key, word) for key, word in control.items() if word not in (None, False))
            ),
            identity,
            _("Suggestions"),
        )

    def _draw_values(self, name: str, known: list[tuple[str, str]]) -> SafeString:
        hidden = '<input type="hidden" name="{}" value="{}">'
        if not self.multiple:
            return format_html_join("", hidden, ((name, value) for value, _label in known))
        return format_html_join(
            "",
            '<span class="chip"><span>{}</span>' + hidden + '<button type="button" aria-label="{}">×</button></span>',
            ((label, name, value, _("Remove %(what)s") % {"what": label}) for value, label in known),
        )

    def _labels(self, value: Any) -> list[tuple[str, str]]:
        values = [str(v) for v in (value if self._is_many(value) else [value]) if v not in (None, "")]
        if not values:
            return []
        if isinstance(self.choices, ModelChoiceIterator):
            field = self.choices.field
            key = field.to_field_name or "pk"
            numbers = values if key != "pk" else [v for v in values if number_in(v) is not None]
            known = field.queryset
            found = known.filter(**{f"{key}__in": numbers}) if numbers and known is not None else []
            return [(str(field.prepare_value(record)), field.label_from_instance(record)) for record in found]
        labels = {str(key): str(label) for key, label in self.choices}
        return [(v, labels.get(v, v)) for v in values]

    @staticmethod
    def _is_many(value: Any) -> bool:
        return isinstance(value, Iterable) and not isinstance(value, str)
