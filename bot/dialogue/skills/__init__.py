"""What the assistant can do in a turn, one module each. A skill is a function of the turn."""
