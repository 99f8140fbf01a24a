"""Orders and products from files: what their columns mean, which shops' exports are known, how rows become orders."""
