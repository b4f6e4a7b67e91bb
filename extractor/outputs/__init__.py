"""Writes records to files, and reads them back."""
