"""Crews: work handed to processes that can be killed, on this machine or on others. What the work is, others know."""
