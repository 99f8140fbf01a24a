"""Helpers, registries and interface components. No models; imports no app."""
