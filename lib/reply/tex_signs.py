"""Commands of TeX and the characters they stand for.

Names: LaTeX's own symbols and those of amsmath and amssymb ("The Comprehensive LaTeX Symbol
List"); characters: Unicode Technical Report 25, "Unicode support for mathematics".
"""


def _table(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


LETTERS = _table("""
alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι
kappa κ varkappa ϰ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ
varsigma ς tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω
Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
aleph ℵ beth ℶ hbar ℏ hslash ℏ ell ℓ wp ℘ Re ℜ Im ℑ imath ı jmath ȷ eth ð
partial ∂ nabla ∇ infty ∞ emptyset ∅ varnothing ∅ forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬
top ⊤ bot ⊥ angle ∠ measuredangle ∡ triangle △ square □ Box □ Diamond ◇ blacksquare ■ checkmark ✓
clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ flat ♭ natural ♮ sharp ♯ degree ° circ ∘
prime ′ backprime ‵ complement ∁ surd √ dag † dagger † ddag ‡ ddagger ‡ S § P ¶ copyright ©
pounds £ euro € yen ¥ cents ¢ textdegree ° texteuro € textregistered ® texttrademark ™ L Ł l ł
AA Å aa å AE Æ ae æ OE Œ oe œ O Ø o ø ss ß QED ∎
""")

OPERATORS = _table("""
times × div ÷ pm ± mp ∓ cdot · centerdot · ast ∗ star ⋆ bullet • oplus ⊕ ominus ⊖ otimes ⊗
oslash ⊘ odot ⊙ wedge ∧ land ∧ vee ∨ lor ∨ cap ∩ cup ∪ uplus ⊎ sqcap ⊓ sqcup ⊔ setminus ∖
smallsetminus ∖ wr ≀ amalg ⨿ ltimes ⋉ rtimes ⋊ veebar ⊻ barwedge ⊼
leq ≤ le ≤ geq ≥ ge ≥ leqslant ≤ geqslant ≥ neq ≠ ne ≠ ll ≪ gg ≫ lll ⋘ ggg ⋙ equiv ≡ sim ∼
simeq ≃ approx ≈ cong ≅ propto ∝ varpropto ∝ asymp ≍ doteq ≐ triangleq ≜ coloneqq ≔ lesssim ≲
gtrsim ≳ prec ≺ succ ≻ preceq ⪯ succeq ⪰ parallel ∥ nparallel ∦ perp ⊥ mid ∣ nmid ∤ vdash ⊢
dashv ⊣ models ⊨ vDash ⊨ Vdash ⊩ in ∈ notin ∉ ni ∋ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇
subsetneq ⊊ supsetneq ⊋ nsubseteq ⊈ sqsubseteq ⊑ sqsupseteq ⊒ lhd ⊲ rhd ⊳ bowtie ⋈ smile ⌣ frown ⌢
therefore ∴ because ∵
to → rightarrow → longrightarrow ⟶ gets ← leftarrow ← longleftarrow ⟵ leftrightarrow ↔
longleftrightarrow ⟷ Rightarrow ⇒ Longrightarrow ⟹ implies ⟹ Leftarrow ⇐ Longleftarrow ⟸
impliedby ⟸ Leftrightarrow ⇔ Longleftrightarrow ⟺ iff ⟺ uparrow ↑ downarrow ↓ updownarrow ↕
Uparrow ⇑ Downarrow ⇓ mapsto ↦ longmapsto ⟼ hookrightarrow ↪ hookleftarrow ↩ nearrow ↗ searrow ↘
swarrow ↙ nwarrow ↖ rightharpoonup ⇀ rightharpoondown ⇁ leftharpoonup ↼ leftharpoondown ↽
rightleftharpoons ⇌ leftrightharpoons ⇋ rightleftarrows ⇄ leadsto ⇝ rightsquigarrow ⇝ nrightarrow ↛
twoheadrightarrow ↠ circlearrowleft ↺ circlearrowright ↻ xrightarrow → xleftarrow ←
""")

LARGE = _table("""
sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ bigcap ⋂ bigcup ⋃ bigvee ⋁ bigwedge ⋀ bigoplus ⨁
bigotimes ⨂ ldots … dots … cdots ⋯ vdots ⋮ ddots ⋱ dotsc … dotsb ⋯
lbrace { rbrace } lbrack [ rbrack ] langle ⟨ rangle ⟩ lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ vert |
lvert | rvert | Vert ‖ lVert ‖ rVert ‖ backslash ∖ colon : textbackslash ∖ lt < gt >
""")

NAMES = _names("""
arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf
limsup ln log max min Pr sec sin sinh sup tan tanh mod bmod
""")

SIGNS = LETTERS | OPERATORS | LARGE | {name: name.removeprefix("b") for name in NAMES}

# What stands behind a backslash alone.
ESCAPED = {c: c for c in "{}%$&#_"} | {"|": "‖", "!": "", "-": ""} | dict.fromkeys(",;:> ", " ")
SPACES = _names("""
quad qquad enspace enskip thinspace medspace thickspace nobreakspace space
""")

# What changes only the look: size, weight, the place of limits, numbers of equations.
SILENT = _names("""
left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr displaystyle
textstyle scriptstyle limits nolimits nonumber notag rm bf it cal hfill hline noindent
negthinspace allowbreak nobreak boldmath mathstrut strut
""")
# What shows its argument, in another style.
WRAPPERS = _names("""
text textbf textit textrm textsf texttt textnormal textup emph mbox hbox mathrm mathbf mathit
mathsf mathtt mathnormal mathcal mathscr mathfrak boldsymbol bm pmb operatorname mathop mathbin
mathrel mathord mathopen mathclose boxed fbox framebox underline smash
ensuremath displaylines substack
""")
BLACKBOARD = dict(zip("CHNPQRZ1", "ℂℍℕℙℚℝℤ𝟙", strict=True))
ACCENTS = _table("""
hat \u0302 widehat \u0302 tilde \u0303 widetilde \u0303 bar \u0304 overline \u0305 dot \u0307
ddot \u0308 vec \u20d7 overrightarrow \u20d7 check \u030c breve \u0306 acute \u0301 grave \u0300
mathring \u030a not \u0338
""")
BRACKETS = {
    "matrix": "()", "smallmatrix": "()", "array": "()", "pmatrix": "()", "bmatrix": "[]",
    "Bmatrix": "{}", "vmatrix": "||", "Vmatrix": "‖‖", "cases": ("{", ""),
}  # fmt: skip
ALIGNED = _names("""
aligned align alignat alignedat gather gathered split equation eqnarray multline flalign
displaymath math
""")

RAISED = dict(zip("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
LOWERED = dict(
    zip("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)
)
