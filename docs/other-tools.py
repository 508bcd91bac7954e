#!/usr/bin/env python3
"""Runs trafilatura and readability-lxml over a corpus: other-tools.py CORPUS OUTPUT-FOLDER

Writes a file of JSON lines for each tool that is installed, for `gleaner eval --records`. To add a
tool, add a function that takes HTML and an address and gives a record.
"""

import gzip
import json
import re
import sys
from pathlib import Path


def trafilatura():
    from trafilatura import bare_extraction

    def extract(html, url):
        found = bare_extraction(html, url=url, include_comments=False, with_metadata=True)
        if found is None:
            return {"text": ""}
        found = found.as_dict()
        return {
            "text": found.get("text") or "",
            "title": found.get("title"),
            "authors": found.get("author"),
            "published": found.get("date"),
            "description": found.get("description"),
            "language": found.get("language"),
        }

    return extract


def readability():
    from lxml.html import fromstring
    from readability import Document

    def extract(html, url):
        document = Document(html.decode("utf-8", "replace"), url=url)
        body = fromstring(document.summary())
        blocks = body.xpath("//p|//h2|//h3|//h4|//li|//blockquote|//pre|//td")
        texts = [re.sub(r"\s+", " ", block.text_content()).strip() for block in blocks]
        return {"text": "\n\n".join(filter(None, texts)), "title": document.short_title()}

    return extract


TOOLS = {"trafilatura": trafilatura, "readability": readability}


def pages(corpus):
    """Name, address and HTML of each page of a manifest or a plain folder."""
    manifest = corpus / "manifest.jsonl"
    if manifest.is_file():
        for line in manifest.read_text(encoding="utf-8").splitlines():
            page = json.loads(line)
            yield page["id"], page.get("url"), read(corpus / page["html"])
        return
    for path in sorted(corpus.iterdir()):
        if re.search(r"\.html?(\.gz)?$", path.name, re.IGNORECASE):
            yield re.sub(r"\.html?(\.gz)?$", "", path.name, flags=re.IGNORECASE), None, read(path)


def read(path):
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    corpus, output = Path(sys.argv[1]), Path(sys.argv[2])
    output.mkdir(parents=True, exist_ok=True)
    for name, load in TOOLS.items():
        try:
            extract = load()
        except ImportError as error:
            print(f"{name} is left out: {error}", file=sys.stderr)
            continue
        with open(output / f"{name}.jsonl", "w", encoding="utf-8") as out:
            for page, url, html in pages(corpus):
                try:
                    record = extract(html, url)
                except Exception as error:  # A tool that fails on a page found nothing there.
                    print(f"{name}: {page}: {error}", file=sys.stderr)
                    record = {"text": ""}
                json.dump({"id": page, **record}, out, ensure_ascii=False)
                out.write("\n")
        print(output / f"{name}.jsonl")


if __name__ == "__main__":
    main()
