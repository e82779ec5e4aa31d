"""How fast is it? Benchmarks of tests, mocks and the grader, and the servers under load."""
