"""Regulars, the relationship memory of a small business."""

__version__ = "0.1.0"
