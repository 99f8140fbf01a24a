"""The tables of `insights`: see apps.py for how Django finds them."""

from regulars.insights.tables.risk import AtRisk, RiskWord
from regulars.insights.tables.standing import RfmSegment, Standing, Tier, TierChange, TierRun, TierSettings
from regulars.insights.tables.winback import Attempt, Cause, Play, Why, WinbackFigures

__all__ = [
    "AtRisk",
    "Attempt",
    "Cause",
    "Play",
    "RfmSegment",
    "RiskWord",
    "Standing",
    "Tier",
    "TierChange",
    "TierRun",
    "TierSettings",
    "Why",
    "WinbackFigures",
]
