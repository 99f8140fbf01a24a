"""Important dates and the greetings for them."""
