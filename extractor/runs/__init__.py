"""Reads many documents, resumably, each by itself."""
