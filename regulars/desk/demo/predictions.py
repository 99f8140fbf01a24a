"""What will come of Harbor & Pine: the models tried on its three years of orders, and everybody scored."""

from typing import TYPE_CHECKING

from regulars.insights.predicting.job import predict_all

if TYPE_CHECKING:
    from regulars.desk.demo.load import Loader


def add_predictions(loader: "Loader") -> None:
    """Choose, fit and score as every night does. The runs go with the demo, and the predictions with them."""
    today = loader.now.astimezone(loader.zone).date()
    loader.note(list(predict_all(today).values()))
