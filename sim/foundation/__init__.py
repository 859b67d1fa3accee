"""What the house stands on: columns, random streams, elementary functions, sums, declarations. Knows nothing of creators or money."""
