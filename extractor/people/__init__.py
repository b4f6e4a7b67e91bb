"""Finds the people whom a case is about: who they are, what they did, and what became of them."""
