"""Importing this first keeps the warnings of the libraries that Rasa pins, mostly about each other, off the screen."""

import warnings

import sanic  # noqa: F401 - it turns warnings on when it is first imported

warnings.simplefilter("ignore")
