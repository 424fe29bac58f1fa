"""An Article in, Statements out. See docs/architecture.md for the rooms of this layer."""
