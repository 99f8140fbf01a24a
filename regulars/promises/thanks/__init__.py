"""The gratitude ledger: occasions to thank somebody, and how we did."""
