"""The double-entry books: who holds money, what may move it, the journal, the checks at close and the statements read from the lines."""
