"""How the pages are kept true: parse a page, run it, compare it, record it."""
