"""One cycle's tables and the questions that pages ask of them. Not here: what a page says, or any chart."""
