"""Tables read off a solved plan: flows, costs, shadow prices, routes, limits that a given plan breaks."""
