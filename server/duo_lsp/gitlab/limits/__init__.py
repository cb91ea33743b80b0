"""When an instance may be asked: how often, and not while it refuses or fails."""
