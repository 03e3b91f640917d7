"""What other tools can carry of the plan, as configuration of theirs."""
