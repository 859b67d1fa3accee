"""The institutions: a few mesa.Agents that decide from a brief of what they could know."""
