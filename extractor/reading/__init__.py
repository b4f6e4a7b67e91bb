"""Reads files of all formats into Sources."""
