"""Products whose end is known: sheets of public facts, the guide that codes them, and how well the model tells their ends."""
