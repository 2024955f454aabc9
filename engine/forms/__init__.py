"""Forms are JSON Schema 2020-12 with ``x-ui`` hints. Here: what a filled form must obey. Drawing it is the web's work."""
