"""What makes the site its own, under any builder that takes Python-Markdown.

What a page is written with are extensions of Python-Markdown: `markdown`, and `mathml`
for formulas. What its built page is made into is one step after the build,
`python -m site_finish SITE`, which theme/hook.py takes for MkDocs: `pages` finishes
each page by itself, `whole` what needs all of them. Nothing here but `twin`, `edits`
and `rendered`, which MkDocs needs, knows a builder.
"""
