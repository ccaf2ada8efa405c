"""What a formula that was read means in a world: a number, or a matrix of numbers."""
