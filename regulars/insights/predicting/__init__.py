"""What will come: the models fitted to the business's own past, chosen by backtest, and everybody scored."""
