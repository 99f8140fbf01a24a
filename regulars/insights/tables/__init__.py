"""The tables of `insights`: see apps.py for how Django finds them."""

from regulars.insights.tables.besttime import BestTime, Pattern, Way
from regulars.insights.tables.demand import DemandRun, ProductDemand, ProductSpan
from regulars.insights.tables.figures import CohortFigure, MonthFigure, ProductMonth, Slice, StaleMonth, Tally
from regulars.insights.tables.goal import Goal
from regulars.insights.tables.goods import ChoiceGoods, ChoiceProduct
from regulars.insights.tables.habit import Habit
from regulars.insights.tables.plays import PlayWords
from regulars.insights.tables.prediction import Prediction
from regulars.insights.tables.risk import AtRisk, RiskWord
from regulars.insights.tables.run import Run
from regulars.insights.tables.standing import RfmSegment, Standing, Tier, TierChange, TierRun, TierSettings
from regulars.insights.tables.winback import Attempt, Cause, Play, Why, WinbackFigures

__all__ = [
    "AtRisk",
    "Attempt",
    "BestTime",
    "Cause",
    "ChoiceGoods",
    "ChoiceProduct",
    "CohortFigure",
    "DemandRun",
    "Goal",
    "Habit",
    "MonthFigure",
    "Pattern",
    "Play",
    "PlayWords",
    "Prediction",
    "ProductDemand",
    "ProductMonth",
    "ProductSpan",
    "RfmSegment",
    "RiskWord",
    "Run",
    "Slice",
    "StaleMonth",
    "Standing",
    "Tally",
    "Tier",
    "TierChange",
    "TierRun",
    "TierSettings",
    "Way",
    "Why",
    "WinbackFigures",
]
