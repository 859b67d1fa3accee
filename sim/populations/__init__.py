"""The populations as tables, and the kernels that apply the rules to their rows."""
