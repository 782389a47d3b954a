"""The rules of the page contract, one module each."""
