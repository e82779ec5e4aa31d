"""Plants asynchronous bugs in anybody's module, and reports those that its tests do not notice."""
