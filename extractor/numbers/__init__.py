"""Finds every numeral, what it is worth, and why it may be no count."""
