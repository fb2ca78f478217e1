"""Where a store lives: one module for each engine."""
