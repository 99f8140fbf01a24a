"""`bin/regulars fit` reads what people have, and says in one line what is wrong with a file."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command


@pytest.fixture(scope="module")
def table() -> str:
    random = np.random.default_rng(2)
    x = random.poisson(random.gamma(0.8, 2.0, 400))
    last = np.where(x > 0, np.round(1 + 28 * random.random(400) ** (1 / np.maximum(x, 1)), 2), 0)
    return "ID,frequency,recency,T\n" + "".join(
        f"{n},{a},{b},30\n" for n, (a, b) in enumerate(zip(x, last, strict=True))
    )


def _fit(model: str, path: Path) -> Any:
    out = StringIO()
    call_command("fit", model, str(path), as_json=True, stdout=out)
    return json.loads(out.getvalue())


def test_a_table_by_any_of_its_names_and_marks(table: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(table)
    found = _fit("bgnbd", path)
    assert {"model", "parameters", "log_likelihood", "n", "converged", "seconds"} <= set(found)
    assert found["n"] == 400
    path.write_text("\ufeff" + table.replace("frequency", "x").replace("recency", "t_x").replace(",", ";"))
    assert _fit("bgnbd", path)["log_likelihood"] == found["log_likelihood"]


def test_survivors_in_every_shape(tmp_path: Path) -> None:
    path = tmp_path / "left.json"
    path.write_text("[1000, 631, 468, 382, 326]")
    alpha = _fit("sbg", path)["parameters"]["alpha"]
    path.write_text('{"survivors": [1000, 631, 468, 382, 326]}')
    assert _fit("sbg", path)["parameters"]["alpha"] == alpha
    path.write_text("year,regular,highend\n0,1000,1000\n1,631,869\n2,468,743\n3,382,653\n4,326,593\n")
    assert _fit("sbg", path)["series"]["regular"]["parameters"]["alpha"] == alpha
    path.write_text("1000\n631\n468\n382\n326\n")
    assert _fit("sbg", path)["parameters"]["alpha"] == alpha


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("x,t_x,T\n", "no rows"),
        ("x,t_x\n1,2\n", "no column “T”"),
        ("x,t_x,T\n1,2,9\n1,two,9\n", "Row 2: t_x is “two”"),
        ("x,t_x,T\n1,2\n", "Row 1: t is “”"),
        ("x,t_x,T\n0,0,9\n1,10,9\n", "Row 2: t_x is after T"),
        ("x,t_x,T\n0,0,9\n0,0,8\n", "second day"),
    ],
)
def test_a_bad_file_is_one_line(text: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text)
    with pytest.raises(CommandError, match=why) as raised:
        _fit("paretonbd", path)
    assert raised.value.returncode == 1
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(CommandError, match="no text"):
        _fit("sbg", path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        _fit("bgbb", tmp_path / "nothing.csv")
