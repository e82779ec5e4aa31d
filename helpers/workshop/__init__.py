"""For the day of the workshop: check a machine, and pack packages for laptops without a network."""
