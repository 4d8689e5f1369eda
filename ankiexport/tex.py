"""Signs, words and other people's TeX → TeX that stays within Anki's `\\(…\\)` and that Anki's MathJax can typeset."""

import re
import unicodedata

# Signs and the commands that stand for them. What is not in here, MathJax shows as it is.
_COMMANDS = """
α alpha β beta γ gamma δ delta ϵ epsilon ε varepsilon ζ zeta η eta θ theta ϑ vartheta ι iota κ kappa λ lambda μ mu
µ mu ν nu ξ xi π pi ϖ varpi ρ rho ϱ varrho σ sigma ς varsigma τ tau υ upsilon ϕ phi φ varphi χ chi ψ psi ω omega
Γ Gamma Δ Delta Θ Theta Λ Lambda Ξ Xi Π Pi Σ Sigma Υ Upsilon Φ Phi Ψ Psi Ω Omega
∑ sum ∏ prod ∐ coprod ∫ int ∬ iint ∭ iiint ∮ oint ⋃ bigcup ⋂ bigcap ⨁ bigoplus ⨂ bigotimes ⋁ bigvee ⋀ bigwedge
± pm ∓ mp × times ÷ div · cdot ⋅ cdot ∘ circ ∗ ast ⊕ oplus ⊗ otimes ∧ wedge ∨ vee ∩ cap ∪ cup ∖ setminus
≤ le ≥ ge ≠ ne ≈ approx ≡ equiv ≅ cong ∼ sim ~ sim ≃ simeq ∝ propto ≪ ll ≫ gg ≺ prec ≻ succ ∣ mid ∥ parallel ⊥ perp
∈ in ∉ notin ∋ ni ⊂ subset ⊆ subseteq ⊃ supset ⊇ supseteq ∅ emptyset ∀ forall ∃ exists ¬ neg ⊢ vdash ⊨ models
→ to ← leftarrow ↔ leftrightarrow ⇒ Rightarrow ⇐ Leftarrow ⇔ Leftrightarrow ↦ mapsto ⟶ longrightarrow
⟵ longleftarrow ⟹ Longrightarrow ⟸ Longleftarrow ⟺ Longleftrightarrow ↑ uparrow ↓ downarrow ⇌ rightleftharpoons
∞ infty ∂ partial ∇ nabla ℏ hbar ℓ ell ℘ wp ℜ Re ℑ Im ℵ aleph ′ prime ∠ angle △ triangle † dagger ‡ ddagger
… ldots ⋯ cdots ⋮ vdots ⋱ ddots ⟨ langle ⟩ rangle 〈 langle 〉 rangle ⌊ lfloor ⌋ rfloor ⌈ lceil ⌉ rceil ‖ Vert
∴ therefore ∵ because □ square ⋆ star \\ backslash
""".split()
_SIGNS = {sign: f"\\{command}" for sign, command in zip(_COMMANDS[::2], _COMMANDS[1::2], strict=True)} | {
    **{sign: f"\\{sign}" for sign in "{}%#&$_"},
    **dict.fromkeys("−–", "-"),
    "^": r"\text{ˆ}",  # a caret by itself
    "\u00a0": r"\ ",
    "\u2003": r"\quad",
    "\u2009": r"\,",
    "\u200a": r"\,",
    "\u202f": r"\,",
}
_FUNCTIONS = frozenset(
    "arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup ln log max min"
    " Pr sec sin sinh sup tan tanh".split()
)
# Words in a Unicode name → the command of that alphabet: "DOUBLE-STRUCK CAPITAL R", "MATHEMATICAL BOLD SMALL A"
_ALPHABETS = (
    ("DOUBLE-STRUCK", "mathbb"),
    ("FRAKTUR", "mathfrak"),
    ("BLACK-LETTER", "mathfrak"),
    ("SCRIPT", "mathscr"),
    ("SANS-SERIF", "mathsf"),
    ("MONOSPACE", "mathtt"),
    ("BOLD ITALIC", "boldsymbol"),
    ("BOLD", "mathbf"),
)
_VARIANTS = {
    "normal": "mathrm",
    "bold": "mathbf",
    "italic": "mathit",
    "bold-italic": "boldsymbol",
    "double-struck": "mathbb",
    "script": "mathscr",
    "calligraphic": "mathcal",  # as MathJax tells it from script
    "bold-script": "mathscr",
    "fraktur": "mathfrak",
    "bold-fraktur": "mathfrak",
    "sans-serif": "mathsf",
    "bold-sans-serif": "mathsf",
    "sans-serif-italic": "mathsf",
    "sans-serif-bold-italic": "mathsf",
    "monospace": "mathtt",
}
_PRIMES = {"'": "'", "′": "'", "″": "''", "‴": "'''"}
# "50 % of" → "50 ", "%", " of"
_TEXT_OR_SIGN = re.compile(r"[{}%#&$_^\\~]|[^{}%#&$_^\\~]+")
_PART_OF_NUMBER = re.compile(r"[0-9.]+|[A-Za-z]+|\s+|.")
# A command, a comment to the end of its line, a character
_TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?|.|$)|%[^\n]*\n?\s*|.", re.S)
_LABEL = re.compile(r"\\label\s*\{[^{}]*\}")
_DISPLAY = re.compile(r"\\(?:displaystyle|textstyle)(?![A-Za-z])\s*")
# What a page's own TeX must not do on a card: open links, load, change other formulas, point elsewhere.
_FORBIDDEN = frozenset(
    "href url require unicode style class cssId data bbox fcolorbox html def edef gdef xdef let newcommand renewcommand"
    " providecommand newenvironment renewenvironment DeclareMathOperator DeclarePairedDelimiter Newextarrow"
    " definecolor input include includegraphics write catcode mmlToken ref eqref".split()
)
_DEEPEST = 250  # braces within braces: MathJax calls itself for each


def apart(tex: str) -> str:
    """TeX in which no two braces close side by side: in Anki they would end a cloze."""
    return re.sub(r"\}(?=\})", "} ", tex)


def of_text(text: str) -> str:
    """Words as TeX sets them, `\\text{…}`, and between them the signs that would not be themselves in there."""
    pieces = _TEXT_OR_SIGN.findall(_visible(text).replace("\u00a0", " "))
    return " ".join(_SIGNS.get(piece) or rf"\text{{{piece}}}" for piece in pieces)


def of_signs(text: str) -> str:
    """Signs, each by its command if it has one; a letter of a mathematical alphabet by that alphabet's."""
    text = unicodedata.normalize("NFC", _visible(text))
    primes = primes_of(text)
    return "{}" + primes if primes else " ".join(filter(None, map(_of_sign, text)))


def primes_of(text: str) -> str:
    """`″` as `''`; empty where the text is not made of primes alone."""
    return "".join(_PRIMES[sign] for sign in text) if text and all(sign in _PRIMES for sign in text) else ""


def of_name(text: str, variant: str | None = None, *, applied: bool = False) -> str:
    """A letter with its primes, a function such as `sin`, or a word; `applied` says that an argument follows."""
    text = unicodedata.normalize("NFC", _visible(text)).strip()
    letter, primes = text[:1], primes_of(text[1:])
    function = re.sub(r"\s+", "", text)
    if len(text) <= 1 or primes:
        return in_variant(of_signs(letter), variant) + primes
    if function in _FUNCTIONS:
        return rf"\{function}"
    if _is_word(text):
        command = _VARIANTS.get(variant or "", "operatorname" if applied else "mathrm")
        return rf"\{command}{{{text}}}"
    is_alphabet = all(_of_alphabet(sign) for sign in text)
    return of_signs(text) if is_alphabet else of_text(text)


def of_number(text: str) -> str:
    """A number: a comma in it makes no space, letters in it stand upright."""
    parts = _PART_OF_NUMBER.findall(unicodedata.normalize("NFC", _visible(text)).strip())
    return "".join(_part_of_number(part) for part in parts).strip()


def _part_of_number(part: str) -> str:
    if part[0] in "0123456789.":
        return part
    if part == ",":
        return "{,}"
    if part.isspace():
        return r"\,"
    return rf"\mathrm{{{part}}}" if part.isascii() and part.isalpha() else f"{of_signs(part)} "


def in_variant(tex: str, variant: str | None) -> str:
    """TeX in the alphabet that MathML's `mathvariant` names; signs that are no Latin letters can only be bold."""
    command = _VARIANTS.get(variant or "")
    if command is None or not tex or (command == "mathit" and len(tex) == 1):
        return tex
    if re.fullmatch(r"[A-Za-z0-9]+", tex):
        return rf"\{command}{{{tex}}}"
    return rf"\boldsymbol{{{tex}}}" if variant and variant.startswith("bold") else tex


def usable(tex: str | None) -> str | None:
    """A page's own TeX, made fit for a card; None where it would leave the formula or do more than show one."""
    pieces: list[str] = []
    depth = 0
    for token in _TOKEN.findall(_LABEL.sub("", _without_display((tex or "").strip()))):
        depth += (token == "{") - (token == "}")
        if not 0 <= depth <= _DEEPEST or not _may_stand(token):
            return None
        if token[0] == "%":
            continue
        if token in (")", "]") and pieces and pieces[-1] == r"\\":
            pieces.append(" ")
        pieces.append(token)
    return "".join(pieces).strip() or None if depth == 0 else None


def _may_stand(token: str) -> bool:
    """A comment may only if it ends: one whose line break is lost would swallow what follows."""
    if token[0] == "%":
        return "\n" in token or not token[1:].strip()
    return token not in ("\\", r"\(", r"\)", r"\[", r"\]") and token[1:].rstrip("*") not in _FORBIDDEN


def _without_display(tex: str) -> str:
    """`{\\displaystyle x}` → `x`, for the delimiters around a formula say how it is set."""
    opening = re.match(r"\{\s*(?=\\(?:display|text)style)", tex)
    if opening and tex.endswith("}") and _is_balanced(tex[1:-1]):
        tex = tex[opening.end() : -1]
    start = _DISPLAY.match(tex)
    return (tex[start.end() :] if start else tex).strip()


def _is_balanced(tex: str) -> bool:
    depth = 0
    for token in _TOKEN.findall(tex):
        depth += (token == "{") - (token == "}")
        if depth < 0:
            return False
    return depth == 0


def _is_word(text: str) -> bool:
    return all(sign.isalpha() and not _of_alphabet(sign) for sign in text)


def _visible(text: str) -> str:
    """Without what nobody sees: controls, joiners, the operators that MathML writes for "times" and "of"."""
    return "".join(" " if sign in "\t\n\r" else sign for sign in text if sign in "\t\n\r" or not _is_hidden(sign))


def _is_hidden(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn")


def _of_sign(sign: str) -> str:
    return _SIGNS.get(sign) or _of_alphabet(sign) or sign.strip()


def _of_alphabet(sign: str) -> str | None:
    """`ℝ` → `\\mathbb{R}`; None for what is no letter of a mathematical alphabet."""
    plain = unicodedata.normalize("NFKC", sign)
    name = unicodedata.name(sign, "")
    if plain == sign or not plain.isalnum() or len(plain) != 1:
        return None
    if name.startswith("MATHEMATICAL ITALIC") or name == "PLANCK CONSTANT":
        return _SIGNS.get(plain, plain)
    command = next((command for words, command in _ALPHABETS if f" {words} " in f" {name} "), None)
    if command is None:
        return None
    return rf"\{command}{{{plain}}}" if plain.isascii() else rf"\boldsymbol{{{_SIGNS.get(plain, plain)}}}"
