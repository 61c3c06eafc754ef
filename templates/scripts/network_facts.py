"""Print the network facts the model must reproduce: miners under water, JPMorgan's cost, hash rate since October 2025.

The months from October 2025 are given as known prices; the network answers them by its own rule from October's state.
"""

