"""Frames, and what they are drawn from: pictures, lenses, layers, reveals, grain."""
