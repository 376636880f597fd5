"""The engine for every protocol: executions that no protocol can tell apart."""
