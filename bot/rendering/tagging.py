"""Structure tags for PDF, so that a screen reader meets headings, lists and paragraphs in order.

fpdf2 tags nothing but pictures by itself. Its structure tree is not a public interface; the release is pinned and
the tests read the tags back.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Iterator, Optional

from fpdf import FPDF
from fpdf.structure_tree import StructElem, StructureTreeBuilder
from fpdf.syntax import PDFObject


class _Tree(StructureTreeBuilder):
    """A structure tree with lists: fpdf2's own knows only one level below the document."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[StructElem] = []
        self._marked: dict[int, int] = {}

    def next_mcid_for_page(self, page_number: int) -> int:
        """The number of the next marked content of the page."""
        return self._marked.get(page_number, 0)

    def add(self, tag: str, parent: Optional[StructElem], page: PDFObject, number: int, marked: bool) -> StructElem:
        """One more element; ``marked`` if it holds content itself and not only other elements."""
        above = self.doc_struct_elem if parent is None else parent
        mcid = self.next_mcid_for_page(number)
        element = StructElem(tag, above, [mcid] if marked else [], page_number=number)
        element.pg = page
        above.k.append(element)
        self.elements.append(element)
        if marked:
            self._marked[number] = mcid + 1
            parents = self.spid_per_page_number.setdefault(number, len(self.spid_per_page_number))
            self.struct_tree_root.parent_tree.nums[parents].append(element)
        return element

    def __iter__(self) -> Iterator[PDFObject]:
        yield self.struct_tree_root
        yield self.doc_struct_elem
        yield self.struct_tree_root.parent_tree
        yield from self.elements


class TaggedPDF(FPDF):
    """A PDF in which content is written inside ``tagged`` or ``decoration``."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.struct_builder = _Tree()

    def element(self, tag: str, parent: Optional[StructElem] = None) -> StructElem:
        """An element that groups others, such as a list."""
        return self.struct_builder.add(f"/{tag}", parent, self.pages[self.page], self.page, marked=False)

    @contextmanager
    def tagged(self, tag: str, parent: Optional[StructElem] = None) -> Iterator[None]:
        """What is written inside belongs to one element. It has to stay on one page."""
        mcid = self.struct_builder.next_mcid_for_page(self.page)
        page = self.pages[self.page]
        self.struct_builder.add(f"/{tag}", parent, page, self.page, marked=True)
        page.struct_parents = self.struct_builder.spid_per_page_number[self.page]
        self._set_min_pdf_version("1.4")
        self._out(f"/{tag} <</MCID {mcid}>> BDC")
        yield
        self._out("EMC")

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """What is written inside is passed over by screen readers."""
        self._out("/Artifact BMC")
        yield
        self._out("EMC")
