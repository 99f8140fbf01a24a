"""The statistical models: pure functions over NumPy arrays, each with its paper. No Django inside.

What Django calls models, the tables of this context, stands in `insights.tables` (ADR 0011).
"""
