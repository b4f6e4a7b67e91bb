"""Compares records with what is right."""
