"""What the elements of HTML are in a Markdown tree, and what stands in what."""

from lib.reply.elements import Role

KINDS = {
    Role.STRONG: "Strong",
    Role.EMPHASIS: "Emphasis",
    Role.STRIKE: "Strikethrough",
    Role.CODE: "Code",
    Role.LISTING: "CodeBlock",
    Role.LINK: "Link",
    Role.HEADING: "Heading",
    Role.QUOTE: "BlockQuote",
    Role.QUOTED: "Quoted",
    Role.BULLETS: "List",
    Role.NUMBERED: "List",
    Role.ITEM: "Item",
    Role.TABLE: "Table",
    Role.ROW: "TableRow",
    Role.CELL: "TableCell",
    Role.RAISED: "Raised",
    Role.LOWERED: "Lowered",
    Role.READING: "Reading",
    Role.HIDDEN: "Hidden",
}
BLOCKS = frozenset(
    {
        "Paragraph",
        "Heading",
        "CodeBlock",
        "BlockQuote",
        "List",
        "Table",
        "Rule",
        "HtmlBlock",
        "FootnoteDefinition",
    }
)
"""The kinds of nodes that stand on lines of their own."""

LINES = frozenset(
    {
        Role.BLOCK,
        Role.HEADING,
        Role.QUOTE,
        Role.BULLETS,
        Role.NUMBERED,
        Role.ITEM,
        Role.TABLE,
        Role.LISTING,
    }
)
# What may go on behind a blank line, where Markdown ends a block of HTML.
GOING_ON = frozenset({"List", "Item", "Table", "TableRow", "TableCell", "BlockQuote"})
# What a tag ends that has no end tag of its own, and what that may not leave.
ENDS = {
    Role.ITEM: ({"Item"}, {"List"}),
    Role.ROW: ({"TableCell", "TableRow"}, {"Table"}),
    Role.CELL: ({"TableCell"}, {"TableRow", "Table"}),
    Role.READING: ({"Reading"}, set()),
}
# What a part stands in where nobody wrote it.
AROUND = {
    Role.ITEM: (("List", Role.BULLETS),),
    Role.ROW: (("Table", Role.TABLE),),
    Role.CELL: (("Table", Role.TABLE), ("TableRow", Role.ROW)),
}
