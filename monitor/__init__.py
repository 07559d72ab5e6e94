"""What the running monitor does beside its roles. Only the scheduler and the commands import it."""
