"""Published results and closed forms that the model and its machinery must reproduce: one file a field, one target a claim."""

FEWEST_SEEDS = 20
"""A spread between fewer seeds tells too little."""
