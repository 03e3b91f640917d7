"""Control flow: graphs of functions, lattices and the solver that runs analyses over them."""
