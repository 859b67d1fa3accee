"""Published results and closed forms that the model and its machinery must reproduce: one file a field, one target a claim."""
