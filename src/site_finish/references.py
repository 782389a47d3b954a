"""The page of references, made from docs/references.bib.

Each entry is an item whose anchor is its key, in the order of authors and years. The
page is the same list in both languages, as references are printed in the language of
what they refer to.
"""

from dataclasses import dataclass
from pathlib import Path

from site_finish.settings import SiteError

# What the page holds in place of the list.
PLACE = "<!--references-->"
# Where an entry has appeared; the first of these fields that it has.
VENUES = ("journal", "booktitle", "publisher", "school")


@dataclass(frozen=True)
class Reference:
    """An entry of the bibliography.

    Attributes:
        key: Its key, which is its anchor as well.
        authors: Their names, "Last, First"; "others" where there are more.
        year: The year of publication.
        title: The title.
        venue: The journal, proceedings, publisher or school.
        address: Where it can be read, or empty.
        label: How the address is called in print.
    """

    key: str
    authors: tuple[str, ...]
    year: str
    title: str
    venue: str
    address: str
    label: str

    @property
    def markdown(self) -> str:
        """The item of the list."""
        names = "; ".join(name.replace("others", "et al.") for name in self.authors)
        text = f"{names} ({self.year}). *{self.title}*. {self.venue}."
        link = f" [{self.label}]({self.address})." if self.address else ""
        return f"- <span id='{self.key}'></span>{text}{link}"


def read_references(path: Path) -> list[Reference]:
    """The entries of a bibliography, by authors and years.

    Raises:
        SiteError: If the file, or an entry in it, cannot be read, or it is a link,
            which may publish another file of this machine.
    """
    from bibtexparser.entrypoint import parse_string  # one page needs it

    if path.is_symlink():
        raise SiteError(f"{path.name}: it is a link. Put the file itself there.")
    library = parse_string(path.read_text("utf-8"))
    for block in library.failed_blocks:
        message = (
            f"{path.name}:{(block.start_line or 0) + 1}: no BibTeX entry, or one twice"
        )
        raise SiteError(message)
    references = []
    for entry in library.entries:
        fields = {field.key: str(field.value) for field in entry.fields}
        place = f"{path.name}:{(entry.start_line or 0) + 1}: {entry.key}"
        venue = next((fields[name] for name in VENUES if name in fields), None)
        if venue is None or not {"author", "year", "title"} <= set(fields):
            wanted = f"author, year, title, and one of {', '.join(VENUES)}"
            raise SiteError(f"{place} has {', '.join(fields)}; it needs {wanted}")
        address, label = _address(fields)
        references.append(
            Reference(
                key=entry.key,
                authors=tuple(fields["author"].split(" and ")),
                year=fields["year"],
                title=fields["title"],
                venue=venue,
                address=address,
                label=label,
            )
        )
    return sorted(references, key=lambda r: (r.authors, r.year))


def _address(fields: dict[str, str]) -> tuple[str, str]:
    if "doi" in fields:
        doi = fields["doi"].replace("(", "%28").replace(")", "%29")
        return f"https://doi.org/{doi}", f"doi:{fields['doi']}"
    if "eprint" in fields:
        return f"https://arxiv.org/abs/{fields['eprint']}", f"arXiv:{fields['eprint']}"
    url = fields.get("url", "")
    return url, url.removeprefix("https://").removeprefix("www.").rstrip("/")
