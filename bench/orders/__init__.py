"""The figures of orders and insights: ten orders for each customer, what counts them, and the pages that show it."""
