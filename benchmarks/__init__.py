"""Measures how fast and how large the assistant is, beside a stock Rasa bot."""
