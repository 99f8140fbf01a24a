"""Goals: what can be measured (`metrics`), where we are (`progress`), how they are set (`forms`)."""
