"""Finds quotations, and who said them."""
