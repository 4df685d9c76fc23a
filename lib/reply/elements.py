"""The elements of HTML, and what each becomes on a phone.

Names: HTML Living Standard, "Index of elements", and "Obsolete features" (16.2). MathML and SVG
are read as what they are named by (``svg``), or not at all. Names that are not in this table are
no HTML, but what somebody wrote.
"""

from enum import Enum


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


class Role(Enum):
    """What an element becomes."""

    # There is one of each, and none is looked up more often.
    __hash__ = object.__hash__

    STRONG = "b strong"
    EMPHASIS = "i em cite dfn var"
    STRIKE = "s del strike"
    CODE = "code kbd samp tt"
    LISTING = "pre listing xmp plaintext"
    LINK = "a"
    IMAGE = "img image"
    MEDIA = "audio video iframe embed object source frame"
    BREAK = "br"
    RULE = "hr"
    HEADING = "h1 h2 h3 h4 h5 h6"
    QUOTE = "blockquote"
    QUOTED = "q"
    BULLETS = "ul menu dir"
    NUMBERED = "ol"
    ITEM = "li"
    TABLE = "table"
    ROW = "tr"
    CELL = "td th"
    RAISED = "sup"
    LOWERED = "sub"
    READING = "rt"
    BLOCK = (
        "address article aside body caption center dd details dialog div dl dt fieldset "
        "figcaption figure footer form frameset header hgroup html legend main nav option "
        "optgroup p search section summary title"
    )
    PART = "tbody tfoot thead colgroup"
    HIDDEN = "datalist noembed noframes rp script style svg template"
    PLAIN = (
        "abbr acronym applet area base basefont bdi bdo bgsound big blink button canvas col data "
        "font head input ins keygen label link map mark marquee meta meter nobr noscript output "
        "param picture progress rb rtc ruby select selectedcontent slot small span textarea time "
        "track u wbr"
    )


ROLES = {name: role for role in Role for name in role.value.split()}

# Elements without an end tag (HTML Living Standard, 13.1.2, and those that are obsolete).
VOID = _names("""
area base basefont bgsound br col embed frame hr img image input keygen link meta param source
track wbr
""")

# Never mistaken for a placeholder, and written without an end tag (13.1.2.4) or any attribute.
LONE = _names("""
br hr wbr li td th tr thead tbody tfoot colgroup dt dd rt rp
""")

# Ordinary words, which are names of anything in XML and of values in templates.
WORDS = _names("""
address area article aside audio base body button canvas caption center cite code col data
details dialog dir figure font footer form frame head header html image input label legend
link listing main map mark menu meta meter nav object option output picture progress search
section select slot small source style summary table template time title track var video
""")

# Attributes without a value (HTML Living Standard, "Attributes", those marked as boolean, and the
# obsolete ones of lists, rules, tables and frames).
SWITCHES = _names("""
allowfullscreen async autofocus autoplay checked compact controls declare default defer
disabled download formnovalidate hidden inert ismap itemscope loop multiple muted nohref
nomodule noresize noshade novalidate nowrap open playsinline readonly required reversed
selected border controlslist crossorigin popover alt
""")
