#!/usr/bin/env bash
# WeasyPrint 70.0 (with Pango installed): what a footer of its own on each page costs.
#
# Guess: `position: running()` with `content: element()` and `string-set` with `content: string()` are two ways to write the same
# footer at the same price; both fill a margin box after the page is laid out, and no counter is asked for. Seen: where each page has
# a running element of its own, every page but the first is laid out a second time (19 layouts for 10 pages), with the same result:
# a page's running elements differ from those the page had when it had none yet, which counts as changed content. With the same words
# as a named string it is 10 layouts. On a report of 13 pages of tables and charts that was a quarter of the whole time.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check weasyprint==70.0
"$folder/venv/bin/python" - <<'PYTHON'
import logging

import weasyprint

PAGES = 10
ELEMENT = "@page { @bottom-left { content: element(foot) } } .foot { position: running(foot) }"
STRING = "@page { @bottom-left { content: string(foot) } } section { string-set: foot attr(data-foot) }"


class Layouts(logging.Handler):
    """Counts pages that are laid out; those told as up to date are not."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def emit(self, record):
        told = record.getMessage()
        self.count += "Creating layout - Page" in told and "up-to-date" not in told


def layouts(style, page):
    progress, counted = logging.getLogger("weasyprint.progress"), Layouts()
    progress.setLevel(logging.INFO)
    progress.addHandler(counted)
    pages = "".join(page.format(number) for number in range(1, PAGES + 1))
    html = f'<html lang="en"><title>Report</title><style>section {{ break-before: page }} {style}</style>{pages}</html>'
    document = weasyprint.HTML(string=html).render()
    progress.removeHandler(counted)
    assert len(document.pages) == PAGES
    return counted.count


seen = {
    "no footer": layouts("", "<section><p>Words {0}</p></section>"),
    "running element": layouts(ELEMENT, '<section><p>Words {0}</p><p class="foot">Foot {0}</p></section>'),
    "named string": layouts(STRING, '<section data-foot="Foot {0}"><p>Words {0}</p></section>'),
}
for name, count in seen.items():
    print(f"{name}: {count} layouts of {PAGES} pages")
assert weasyprint.__version__ == "70.0"
assert seen == {"no footer": 10, "running element": 19, "named string": 10}
PYTHON
