"""Today: what one colleague sees first, put together from sections."""
