"""A plan run against sampled demand: service, cost and stock along every path."""
