"""The Brief: what to know of somebody in ten seconds."""
