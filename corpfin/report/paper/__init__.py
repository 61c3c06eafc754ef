"""The answer as a document of sections, written as Markdown or as one HTML file; nothing is computed here."""
