"""The handbook: process folders told for the people who run sales, marketing and service."""
