"""A month struck by faults at every step: nothing is lost, and the next run ends as if nothing had been."""
