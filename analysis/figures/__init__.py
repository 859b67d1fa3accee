"""Plots of runs, in one style."""
