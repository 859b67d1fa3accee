"""The rules of the world: one file a claim of the model, small pure functions of numbers. No world, no clock, no randomness: draws come
in.
"""
