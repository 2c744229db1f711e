"""The syntax tree of policies: what is in it, what is refused in it, and the style of our own."""
