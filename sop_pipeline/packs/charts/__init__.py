"""Charts of the packs: one specification each, drawn as SVG for paper and answering to the pointer on a screen."""
