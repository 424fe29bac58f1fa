"""Statements in, answers out. See docs/architecture.md for the rooms of this layer."""
