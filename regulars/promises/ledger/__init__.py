"""The promise ledger: what we promised, how often we kept our word, and what it does by itself."""
