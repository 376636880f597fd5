"""Crews: hand work to processes that can be killed, on this machine or on others. This room does not know the work."""
