"""Pages, a module each: which sentences, figures and listings stand on them. Not here: parts that several pages use."""
