"""The reference: pages and documents made from what the model declares, and from nothing else."""
