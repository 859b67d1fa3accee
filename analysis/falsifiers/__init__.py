"""What observation would refute the model, and what the model predicts for it."""
