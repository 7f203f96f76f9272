"""Every strategy of the company on one problem, side by side."""
