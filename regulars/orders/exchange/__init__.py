"""What foreign money was worth: rates from the European Central Bank or typed by hand, orders that wait."""
