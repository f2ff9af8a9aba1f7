"""Reports as files: spreadsheets, documents and tables, made from the briefs of the pages."""
