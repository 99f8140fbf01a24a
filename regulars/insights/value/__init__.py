"""What customers are worth to us: tiers, ranks, RFM, concentration."""
