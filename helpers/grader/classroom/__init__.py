"""Grade a class: what each learner has handed in, which exercise it is for, and the tables."""
