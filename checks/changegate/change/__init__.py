"""What a change is: which releases it touches, where they come from, what they depend on, what it hides."""
