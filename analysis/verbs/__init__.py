"""The verbs of the `flywheel` command, one file a group."""
