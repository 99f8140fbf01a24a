"""What will be asked for: expected units of each product, and what each customer buys again, when and next."""
