"""Myelin: an assistant for thigh and leg pain and vitamin B12."""
