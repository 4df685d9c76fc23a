"""Office files as programs write them, made part by part."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SLIDE = "http://schemas.openxmlformats.org/presentationml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of these members, in this order."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else None
            file.writestr(name, content, stored)
    return out.getvalue()


def office(main: str, parts: Mapping[str, str | bytes]) -> dict[str, str | bytes]:
    """The parts of an Office package whose main part is the one named."""
    types = f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml"/></Types>'
    whole = {
        "[Content_Types].xml": types,
        "_rels/.rels": related({"rId1": f"officeDocument {main}"}),
    }
    return whole | dict(parts)


def related(targets: Mapping[str, str]) -> str:
    """A part of relationships: by id, the kind and the target."""
    lines = [
        f'<Relationship Id="{key}" Type="{_OFFICE}/relationships/{kind}" Target="{target}"/>'
        for key, (kind, target) in ((key, value.split()) for key, value in targets.items())
    ]
    return (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'
    )


def word_parts(body: str) -> dict[str, str | bytes]:
    """The parts of a Word document with this body, in WordprocessingML."""
    names = f'xmlns:w="{_WORD}" xmlns:mc="urn:mc"'
    text = f"{_HEAD}<w:document {names}><w:body>{body}</w:body></w:document>"
    return office("word/document.xml", {"word/document.xml": text})


def docx(body: str, notes: str = "") -> bytes:
    """A Word document with this body, and with footnotes."""
    parts = word_parts(body)
    if notes:
        parts["word/_rels/document.xml.rels"] = related({"rId7": "footnotes footnotes.xml"})
        parts["word/footnotes.xml"] = (
            f'{_HEAD}<w:footnotes xmlns:w="{_WORD}"><w:footnote>{notes}</w:footnote></w:footnotes>'
        )
    return zipped(parts)


def paragraph(text: str) -> str:
    """A paragraph of a Word document."""
    return f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def pptx(slides: Mapping[str, str]) -> bytes:
    """A presentation: by the name of its part, what is drawn on each slide, in their order."""
    ids = [f"rId{number}" for number in range(2, len(slides) + 2)]
    listed = "".join(f'<p:sldId id="{256 + n}" r:id="{key}"/>' for n, key in enumerate(ids))
    parts: dict[str, str | bytes] = {
        "ppt/presentation.xml": f'{_HEAD}<p:presentation xmlns:p="{_SLIDE}" '
        f'xmlns:r="{_OFFICE}/relationships"><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": related(
            {key: f"slide slides/{name}" for key, name in zip(ids, slides, strict=True)}
        ),
    }
    for name, drawn in slides.items():
        parts[f"ppt/slides/{name}"] = (
            f'{_HEAD}<p:sld xmlns:p="{_SLIDE}" xmlns:a="{_DRAWING}">{drawn}</p:sld>'
        )
    return zipped(office("ppt/presentation.xml", parts))


def drawn(*lines: str) -> str:
    """A shape with some lines of text."""
    text = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in lines)
    return f"<p:sp><p:txBody>{text}</p:txBody></p:sp>"


def sheet_parts(
    sheets: Mapping[str, str], strings: str = "", styles: str = "", book: str = ""
) -> dict[str, str | bytes]:
    """The parts of a workbook: by its name, the rows of each sheet; a name may end with a state."""
    targets, listed = {}, []
    parts: dict[str, str | bytes] = {}
    for number, (name, rows) in enumerate(sheets.items(), 1):
        title, _, state = name.partition(" state=")
        told = f' state="{state}"' if state else ""
        listed.append(f'<sheet name="{title}" sheetId="{number}"{told} r:id="rId{number}"/>')
        targets[f"rId{number}"] = f"worksheet /xl/worksheets/sheet{number}.xml"
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'{_HEAD}<worksheet xmlns="{_SHEET}"><sheetData>{rows}</sheetData></worksheet>'
        )
    if strings:
        targets["rId90"] = "sharedStrings sharedStrings.xml"
        parts["xl/sharedStrings.xml"] = f'{_HEAD}<sst xmlns="{_SHEET}">{strings}</sst>'
    if styles:
        targets["rId91"] = "styles styles.xml"
        parts["xl/styles.xml"] = f'{_HEAD}<styleSheet xmlns="{_SHEET}">{styles}</styleSheet>'
    parts["xl/_rels/workbook.xml.rels"] = related(targets)
    parts["xl/workbook.xml"] = (
        f'{_HEAD}<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}/relationships">'
        f"{book}<sheets>{''.join(listed)}</sheets></workbook>"
    )
    return office("xl/workbook.xml", parts)


def xlsx(sheets: Mapping[str, str], strings: str = "", styles: str = "", book: str = "") -> bytes:
    """A workbook."""
    return zipped(sheet_parts(sheets, strings, styles, book))


def odt_parts(body: str, manifest: str = "<manifest/>") -> dict[str, str | bytes]:
    """The parts of an OpenDocument text."""
    names = "urn:oasis:names:tc:opendocument:xmlns"
    return {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f'{_HEAD}<office:document-content xmlns:office="{names}:office:1.0" '
        f'xmlns:text="{names}:text:1.0" xmlns:table="{names}:table:1.0"><office:body>'
        f"<office:text>{body}</office:text></office:body></office:document-content>",
        "META-INF/manifest.xml": manifest,
    }


def odt(body: str, manifest: str = "<manifest/>") -> bytes:
    """An OpenDocument text."""
    return zipped(odt_parts(body, manifest))
