"""How good themes are, in figures: what a simulated team needs, what stands right, what is found from nothing."""
