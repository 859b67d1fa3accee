"""Cohorts and unit economics of a run: who stays, what a user brings and costs, who keeps the money. Tables in, tables out."""
