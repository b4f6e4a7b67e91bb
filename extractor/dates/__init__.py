"""Finds temporal expressions and works out their values."""
