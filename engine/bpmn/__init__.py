"""Reads what modellers wrote into Programs, and writes Programs as BPMN that any modeller opens."""
