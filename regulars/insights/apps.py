"""The app's registration with Django."""

from importlib import import_module

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    """`regulars.insights`: see its package docstring. Its tables are in `insights.tables`: ADR 0011."""

    name = "regulars.insights"
    label = "insights"

    def import_models(self) -> None:
        """Find the tables beside Django's usual place, which here holds the statistical models."""
        super().import_models()
        import_module("regulars.insights.tables")

    def ready(self) -> None:
        """Make what each subject adds to lower floors known: each has a `register()` of its own."""
        from regulars.insights.besttime import besttime_setup
        from regulars.insights.demand import demand_setup
        from regulars.insights.goals import goals_setup
        from regulars.insights.predicting import setup as predicting_setup
        from regulars.insights.reports import reports_setup
        from regulars.insights.value import value_setup
        from regulars.insights.winback import winback_setup

        predicting_setup.register()
        demand_setup.register()
        besttime_setup.register()
        goals_setup.register()
        reports_setup.register()
        value_setup.register()
        winback_setup.register()
