"""Keys and signatures; `cryptography` is imported only where one is made or read."""
