"""The cheapest change that saves a product: levers with their costs, packages, the search, the answer."""
