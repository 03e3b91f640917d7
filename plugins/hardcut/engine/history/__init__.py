"""Other states of the project: the base of a change, the past of a plan, the course of its waves."""
