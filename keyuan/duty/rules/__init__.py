"""The scheduler's engine: instance, options, solver, words, verifier; no database behind any of it."""
