"""What the shipped processes need of a CRM: small services as job handlers, unaware of each other.

Each module gives its handlers by name for a store; ``handlers.of`` gives them all. Every handler may run twice for one
job (the same ``call.id``) and does its work once.
"""
