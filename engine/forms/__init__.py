"""Forms: JSON Schema 2020-12 with ``x-ui`` hints. What a filled form must obey; drawing it is the work of the web."""
