"""What the pages teach: a small package that a reader can read whole."""
