"""Handing people over to humans, who work with a system of their own."""
