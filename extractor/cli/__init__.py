"""Holds all that a person types and sees."""
