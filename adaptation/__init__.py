"""Teaches the sentence encoder the language of Myelin's patients; needed to write its adapter only."""
