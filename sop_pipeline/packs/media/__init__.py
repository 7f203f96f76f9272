"""A document's media: SVG, HTML, PDF, the workbook, the exports. Not here: what they say."""
