"""The tags that every template has."""

from dataclasses import dataclass
from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from regulars.lib import navigation, panels
from regulars.lib.widgets import Combobox


@dataclass
class Somebody:
    pk: int
    name: str
    photo_url: str = ""

    def __str__(self) -> str:
        return self.name


def draw(source: str, **context: Any) -> str:
    return Template(source).render(Context(context))


def test_what_is_fixed_is_drawn_once_for_each_language_and_sees_nothing_of_the_page() -> None:
    page = Template("{% load i18n %}{% fixed %}{% translate 'Save' %}{{ name }}{% endfixed %} {{ name }}")
    for language, said in (("en", "Save"), ("de", "Speichern"), ("en", "Save")):
        for name in ("Maya", "Boris"):
            with translation.override(language):
                assert page.render(Context({"name": name})) == f"{said} {name}"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Maya Okafor", "MO"), ("Maya", "M"), ("Ana de la Cruz", "AC"), ("王小明", "王"), ("“", "?"), ("", "?")],
)
def test_initials_are_the_first_and_the_last_word(name: str, letters: str) -> None:
    assert f"<span>{letters}</span>" in draw("{% avatar who %}", who=Somebody(1, name))


def test_an_avatar_shows_the_photo_when_there_is_one_and_keeps_its_tint() -> None:
    drawn = draw("{% avatar who 'lg' %}", who=Somebody(9, "Maya", "/files/5/photo"))
    assert '<img src="/files/5/photo" alt=""' in drawn
    assert 'data-hue="2"' in drawn
    assert 'data-size="lg"' in drawn


def test_text_from_people_is_escaped_everywhere() -> None:
    bad = "<script>x</script>"
    who = Somebody(1, bad, '"><script>')
    for source in (
        "{% avatar who %}",
        "{% badge bad bad title=bad %}",
        "{% chip bad href=bad %}",
        "{% crumbs bad bad bad %}",
        "{% emptystate 'x' bad bad %}{{ bad }}{% endemptystate %}",
        "{% menu bad text=bad %}{{ bad }}{% endmenu %}",
        "{% dialog 'x' bad %}{{ bad }}{% enddialog %}",
        "{% icon 'x' label=bad %}",
        "{% more bad text=bad %}",
        "{% progress 1 2 bad %}",
    ):
        assert "<script>" not in draw(source, who=who, bad=bad), source


def test_an_icon_is_decoration_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in draw("{% icon 'phone' %}")
    assert 'role="img" aria-label="Gold"' in draw("{% icon 'star' label='Gold' %}")
    assert "icons.svg#phone" in draw("{% icon 'phone' %}")


def test_no_time_is_drawn_as_what_stands_for_none() -> None:
    assert draw("{% ago none empty='never' %}", none=None) == "never"
    assert draw("{% when none %}", none=None) == ""


def test_an_empty_state_without_actions_has_no_empty_box() -> None:
    assert "actions" not in draw("{% emptystate 'users' 'Nobody' %} {% endemptystate %}")


def test_words_are_joined_as_in_a_sentence() -> None:
    assert draw("{{ names|sentence_list }}", names=["a", "b", "c"]) == "a, b and c"
    assert draw("{{ names|sentence_list }}", names=["a"]) == "a"


class PersonForm(forms.Form):
    name = forms.CharField(help_text="As they say it.")
    stage = forms.ChoiceField(choices=[("a", "A")], required=False)
    news = forms.BooleanField(required=False)
    channel = forms.ChoiceField(choices=[("p", "Phone"), ("e", "Email")], widget=forms.RadioSelect)
    who = forms.ChoiceField(choices=[("5", "Maya")], widget=Combobox("account_login"), required=False)
    tags = forms.MultipleChoiceField(
        choices=[("1", "events"), ("2", "press")],
        widget=Combobox("account_login", multiple=True),
        required=False,
    )


def test_a_field_ties_its_help_and_its_errors_to_the_control() -> None:
    drawn = draw("{% field form.name autocomplete='name' %}", form=PersonForm({}))
    assert 'aria-describedby="id_name_hint id_name_errors"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert '<ul class="errors" id="id_name_errors"><li>This field is required.</li></ul>' in drawn
    assert 'autocomplete="name"' in drawn
    assert 'class="input"' in drawn
    assert "optional" not in drawn


def test_each_sort_of_field_has_its_shape() -> None:
    form = PersonForm()
    assert 'class="select"' in draw("{% field form.stage %}", form=form)
    assert "optional" in draw("{% field form.stage %}", form=form)
    assert "data-inline" in draw("{% field form.news %}", form=form)
    assert "<fieldset" in draw("{% field form.channel label='By' %}", form=form)
    assert ">By</legend>" in draw("{% field form.channel label='By' %}", form=form)


def test_a_combobox_shows_what_is_chosen_and_reads_it_back() -> None:
    form = PersonForm(QueryDict("name=x&channel=p&who=5&tags=1&tags=2&tags="))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["who"] == "5"
    assert form.cleaned_data["tags"] == ["1", "2"]
    one = draw("{% field form.who %}", form=form)
    assert '<input type="hidden" name="who" value="5">' in one
    assert 'value="Maya"' in one
    assert 'for="id_who"' in one
    assert 'id="id_who"' in one
    many = draw("{% field form.tags %}", form=form)
    assert "data-multiple" in many
    assert many.count('class="chip"') == 2


class Colleague:
    def __init__(self, *capabilities: str) -> None:
        self.capabilities = capabilities

    def can(self, capability: str) -> bool:
        return capability in self.capabilities


class Business:
    def has_module(self, name: str) -> bool:
        return name == "deals"


@pytest.fixture
def request_of(rf: RequestFactory) -> Any:
    def make(*capabilities: str, path: str = "/account/login/") -> Any:
        request = rf.get(path)
        request.user = Colleague(*capabilities)  # type: ignore[assignment]
        request.organisation = Business()  # type: ignore[attr-defined]
        return request

    return make


def test_the_navigation_leaves_out_what_is_off_forbidden_or_nowhere(
    request_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(navigation, "_items", {})
    item = navigation.NavItem
    navigation.register(item("Second", "account_logout", "x", order=2, module="deals", count=lambda request: 120))
    navigation.register(item("First", "account_login", "x", order=1, key="T"))
    navigation.register(item("Off", "account_signup", "x", module="cases"))
    navigation.register(item("Forbidden", "account_email", "x", permission="audit"))
    navigation.register(item("Nowhere", "no-such-page", "x"))
    navigation.register(item("Own", "account_reset_password", "x", where="own"))
    found = navigation.items_for(request_of("view"))
    assert [(link.name, link.current, link.count, link.key) for link in found] == [
        ("First", True, "", "t"),
        ("Second", False, "99+", ""),
    ]
    assert [link.name for link in navigation.items_for(request_of(), where="own")] == ["Own"]


def test_a_side_section_without_links_is_not_shown(request_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_sections", {})
    navigation.register_section("empty", navigation.SideSection("Empty", lambda request: []))
    link = navigation.NavLink("Gold", "/gold")
    navigation.register_section("views", navigation.SideSection("Views", lambda request: [link]))
    assert navigation.sections_for(request_of()) == [("Views", [link])]


def test_panels_are_drawn_in_order_for_those_who_may_see_them(request_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_panels", [])
    made = panels.Panel
    panels.register(made("contact", "Later", "account_login", order=9))
    panels.register(made("contact", "Now", "account_logout", lazy=False, render=lambda request, who: f"<p>{who}</p>"))
    panels.register(made("contact", "Secret", "account_email", permission="audit"))
    panels.register(made("company", "Elsewhere", "account_login"))
    drawn = Template("{% panels 'contact' %}").render(Context({"request": request_of("view")}))
    assert drawn.index("Later") < drawn.index("Now")
    assert 'hx-get="/account/login/" hx-trigger="revealed"' in drawn
    assert "<p>None</p>" in drawn
    assert "Secret" not in drawn
    assert "Elsewhere" not in drawn
