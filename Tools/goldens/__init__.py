"""What Tools/golden.py and Tools/parity.py are made of: recipes trained by PyTorch in float64."""
