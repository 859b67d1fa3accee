"""Questions about many runs, each with its answer in words, tables and a figure."""
