"""Stand-ins for foreign services: real HTTP servers that behave as theirs do, without their music or their people."""
