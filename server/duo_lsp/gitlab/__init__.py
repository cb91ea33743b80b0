"""The outside world: who answers, with which token, how often."""
