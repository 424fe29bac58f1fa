"""A site in, Articles out. See docs/architecture.md for the rooms of this layer."""
