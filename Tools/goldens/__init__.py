"""Recipes in PyTorch with float64, for Tools/golden.py and Tools/parity.py."""
