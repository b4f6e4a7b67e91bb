"""Turns bytes and files into a text, and finds its parts: lines, segments, sentences."""
