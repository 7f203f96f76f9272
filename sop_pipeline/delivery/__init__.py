"""Packs by e-mail: who gets which, what the letter says, and what became of each message.

Not here: making packs (``steps``), or talking to a server (``mail``).
"""
