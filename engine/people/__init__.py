"""Who acts: users with their roles and staff groups, what each role may do, passwords and sessions."""

from engine.people.agent import Agent

__all__ = ["Agent"]
