"""Estimators from the literature: small functions of counts, each with its source; they know nothing of the model."""
