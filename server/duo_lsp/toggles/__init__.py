"""What a person turns off and on by hand, and how an editor says so."""
