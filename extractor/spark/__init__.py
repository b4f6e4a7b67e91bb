"""Runs the same batch on Spark."""
