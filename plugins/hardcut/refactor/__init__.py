"""What plans and performs moves of code: drafting a plan from a change, and moving what a plan moves."""
