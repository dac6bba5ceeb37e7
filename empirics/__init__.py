"""What happens to networks: the KLoM study. Imports theory, never the other way round."""
