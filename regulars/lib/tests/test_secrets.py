"""Secrets of others are sealed at rest."""

import pytest
from django.test import override_settings

from regulars.lib.secrets import SealBroken, seal, unseal


def test_what_is_sealed_can_be_opened_here_and_tells_nothing() -> None:
    sealed = seal("whsec_olive-tram")
    assert "olive" not in sealed
    assert seal("whsec_olive-tram") != sealed
    assert unseal(sealed) == "whsec_olive-tram"


def test_another_installation_can_not_open_it() -> None:
    sealed = seal("whsec_olive-tram")
    for text in (sealed, sealed[:-4], "", "ü"):
        with override_settings(SECRET_KEY="another installation"), pytest.raises(SealBroken):
            unseal(text)
