"""Media that lie for a day where somebody else fetches them: the store's two implementations."""
