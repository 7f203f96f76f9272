"""The product review: what the company sells, what is on its way in and what on its way out.

Here: where each product stands in its life. Not here: how much of it will sell, which is the demand review's business
and reads this step's table.
"""

from sop_pipeline.portfolio.lifecycle import product_lifecycle

__all__ = ["product_lifecycle"]
