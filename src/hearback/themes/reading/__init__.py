"""How excerpts are read: pure functions over vectors and letters. No database, no clock, no randomness.

vectors: one space out of one or more models · letters: what words share as written · codebook: generic themes ·
weight: words that name what weighs · pool: all excerpts of a company · placing: which theme each belongs to ·
asking: what a person should settle next · discovery: what nobody named yet.
"""
