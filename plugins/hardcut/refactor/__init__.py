"""What plans and performs moves of code: drafting a plan from a change."""
