"""A form's JSON Schema as fields on a page, and what a browser sent back as JSON. docs/forms.md has the words."""
