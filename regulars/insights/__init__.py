"""What the numbers say: value and tiers, predictions and their backtest, win-back, goals, reports."""
