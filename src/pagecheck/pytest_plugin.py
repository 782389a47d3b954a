"""Pytest integration: a test item per page, block and rule."""
