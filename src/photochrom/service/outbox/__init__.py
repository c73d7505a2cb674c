"""Whom the service calls, and what it has to tell them: rows written with what they tell of."""
