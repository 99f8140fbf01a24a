"""The filter `linked` says what Django's two say, and quicker."""

import pytest
from django.template.defaultfilters import linebreaksbr, urlize

from regulars.lib.templatetags.regulars import linked


@pytest.mark.parametrize(
    "text",
    [
        "", "plain", "a <b> & 'q'\nx", "see www.lumen.example now",
        "mail me@lumen.example", "x.com", "(foo).com", "1.5 kg",
        "http://x.example/z?a=1&b=2\r\nnext", "go to example.com.", "Two sentences. e.g. this",
        "<script>alert(1)</script>.com",
    ],
)  # fmt: skip
def test_it_is_the_same_as_urlize_and_linebreaksbr(text: str) -> None:
    assert linked(text) == linebreaksbr(urlize(text))
