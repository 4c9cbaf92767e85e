"""Plain-text understanding: from a person's words to findings, risk factors, red flags and results."""
