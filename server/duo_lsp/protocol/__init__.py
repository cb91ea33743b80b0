"""What we put under pygls."""
