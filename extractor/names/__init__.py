"""Finds everything with a capital: bodies, operations, makes."""
