"""What comes back: products that are bought in one season."""
