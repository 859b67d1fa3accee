"""The simulator: the world, its rules, its books. Front door."""
