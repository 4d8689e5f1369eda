"""A course of two small lessons with one of each: kinds, a formula, a picture, a problem."""

from pathlib import Path

STARS = """# Practice: Stars

1. What makes a star shine?

<details><summary>Show answer</summary>

Fusion of **hydrogen**: $E = mc^2$.

</details>

2. How far is the next one, in \\(\\frac{1}{2}\\) parsecs?

<details><summary>Show answer</summary>

Two and a half.

![A star](star.svg)

</details>

## Exercise

Name what these are made of.

- A. The Sun
- B. A comet

<details><summary>Show answers</summary>

- A. Plasma
- B. Ice

</details>

3. What is a nova?
"""
PLANETS = """# Practice: Planets

**Q:** Which planet has rings?

**A:** Saturn

**Q:** Which is the red one?

**A:** Mars
"""
TOML = """
[course]
name = "Astronomy <b> & more"
id = "sky"
typed = ["flashcard"]
reverse = ["flashcard"]
"""
STAR = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><circle cx="30" cy="20" r="15"/></svg>'


def write_astronomy(folder: Path) -> Path:
    folder.mkdir()
    (folder / "1-stars.md").write_text(STARS, "utf-8")
    (folder / "2-planets.md").write_text(PLANETS, "utf-8")
    (folder / "star.svg").write_text(STAR, "utf-8")
    (folder / "ankiexport.toml").write_text(TOML, "utf-8")
    return folder
