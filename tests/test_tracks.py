"""A course of many tracks: what tells the track of a page, how its deck is called, and what a lock says of that."""

import json
from pathlib import Path

import pytest
from sky import packed_notes, records, write_page

from ankiexport import Course, Source, UsageError, build, read
from ankiexport.tracks import track_named

FOLDERS = {
    "foundations/averages.md": "Averages",
    "foundations/spread.md": "Spread",
    "inference/tests.md": "Tests",
    "glossary.md": "Glossary",
}


def write_pages(folder: Path, pages=FOLDERS, toml: str = "") -> Path:
    for file, title in pages.items():
        write_page(folder / file, title, f"What is {title} about?", f"Why {title}?")
    if toml:
        (folder / "ankiexport.toml").write_text(toml, "utf-8")
    return folder


@pytest.fixture
def course(tmp_path):
    """Builds the course `Statistics` of these pages; the options are those of `build`."""

    def course(toml: str = "", pages=FOLDERS, **options: object) -> Course:
        return build(read(write_pages(tmp_path / "course", pages, toml)), "Statistics", **options)

    return course


def names(course: Course) -> list[str]:
    return [deck.name.removeprefix("Statistics::") for deck in course.decks]


def listed(*pages: str) -> str:
    return "".join(f"[[page]]\n{page}\n" for page in pages)


TABLES = """
[[track]]
name = "Inference"
files = ["inference/**"]

[[track]]
name = "Foundations"
files = ["foundations/*.md"]
"""


# What tells the track


def test_folders_make_no_tracks_by_themselves(course):
    assert names(course()) == ["Averages", "Spread", "Glossary", "Tests"]


def test_folders_are_tracks_where_that_is_asked_for(course):
    assert names(course(tracks="folders")) == [
        "Glossary",
        "Foundations::Averages",
        "Foundations::Spread",
        "Inference::Tests",
    ]


def test_the_toml_may_ask_for_it_and_an_option_overrules_that(course):
    toml = '[course]\ntracks = "folders"\n'
    assert names(course(toml))[1] == "Foundations::Averages"
    assert names(course(toml, tracks="none"))[0] == "Averages"


def test_tables_name_the_tracks_of_whole_folders_in_their_order(course):
    assert names(course(TABLES)) == [
        "Glossary",
        "01 Inference::Tests",
        "02 Foundations::Averages",
        "02 Foundations::Spread",
    ]


def test_option_none_switches_off_what_the_toml_names(course):
    made = course(TABLES, tracks="none")
    assert names(made) == ["Averages", "Spread", "Glossary", "Tests"]
    assert {page.track for page in made.pages} == {None}


def test_order_of_a_table_overrules_its_place(course):
    toml = TABLES.replace('name = "Inference"', 'name = "Inference"\norder = 9')
    assert names(course(toml))[1:] == ["02 Foundations::Averages", "02 Foundations::Spread", "09 Inference::Tests"]


def test_page_that_names_its_track_is_in_that_one(course):
    toml = TABLES + listed('file = "foundations/spread.md"\ntrack = "Inference"')
    assert names(course(toml)) == [
        "Glossary",
        "01 Inference::01 Spread",
        "01 Inference::Tests",
        "02 Foundations::Averages",
    ]


def test_tracks_that_only_pages_name_come_in_the_order_of_the_pages(course):
    toml = listed(
        'file = "inference/tests.md"\ntrack = "Zoo"',
        'file = "foundations/spread.md"\ntrack = "Art"',
        'file = "foundations/averages.md"\ntrack = "Zoo"',
    )
    assert names(course(toml)) == ["Glossary", "01 Zoo::01 Tests", "01 Zoo::02 Averages", "02 Art::01 Spread"]


def test_tables_and_folders_go_together(course):
    toml = '[course]\ntracks = "folders"\n[[track]]\nname = "inference"\n'
    assert names(course(toml)) == ["Glossary", "01 inference::Tests", "Foundations::Averages", "Foundations::Spread"]


def test_the_first_level_of_folders_is_the_track(course):
    pages = {"a/one/x.md": "X", "a/two/y.md": "Y", "b/z.md": "Z"}
    assert names(course(pages=pages, tracks="folders")) == ["A::X", "A::Y", "B::Z"]


def test_folders_count_from_that_which_all_given_ones_are_in(tmp_path):
    folder = write_pages(tmp_path / "course")
    made = build(read([folder / "foundations", folder / "inference" / "tests.md"]), "Statistics", tracks="folders")
    assert names(made) == ["Foundations::Averages", "Foundations::Spread", "Inference::Tests"]


def test_folders_count_from_that_of_the_toml_whatever_is_given(tmp_path):
    folder = write_pages(tmp_path / "course", toml='[course]\ntracks = "folders"\n')
    assert names(build(read(folder / "inference"), "Statistics")) == ["Inference::Tests"]


def test_folders_with_numbers_are_tracks_in_that_order(course):
    pages = {"10-last/x.md": "X", "2-second_part/y.md": "Y", "1. First/z.md": "Z"}
    assert names(course(pages=pages, tracks="folders")) == ["01 First::Z", "02 Second part::Y", "10 Last::X"]


@pytest.mark.parametrize(
    ("place", "title", "number"),
    [
        ("foundations", "Foundations", None),
        ("01-linear_algebra", "Linear algebra", 1),
        ("3 Sets", "Sets", 3),
        ("Part II", "Part II", None),
        ("multimodal-AI", "multimodal AI", None),
        ("2024", "2024", None),
        ("3d-graphics", "3d graphics", None),
        ("1.2-limits", "1.2 limits", None),
        ("01-основы", "Основы", 1),
        ("第一章", "第一章", None),
        ("---", "---", None),
        ("07-", "07", None),
    ],
)
def test_name_of_a_folder_becomes_a_title(place, title, number):
    track = track_named(place)
    assert (track.title, track.number) == (title, number)


# URLs

SITE = "https://stats.example/course"


def sources(*urls: str) -> list[Source]:
    text = "**1.** What is {} about?\n\n<details><summary>Answer</summary>\n\nItself.\n\n</details>\n"
    return [
        Source(name=url or f"p{i}", text=text.format(i), format="markdown", title=f"L{i}", url=url or None)
        for i, url in enumerate(urls)
    ]


@pytest.mark.parametrize(
    ("urls", "expected"),
    [
        pytest.param(
            [f"{SITE}/foundations/a/", f"{SITE}/02-further/b/", f"{SITE}/intro/"],
            ["L2", "Foundations::L0", "02 Further::L1"],
            id="the first part that differs",
        ),
        pytest.param([f"{SITE}/a/", f"{SITE}/b/"], ["L0", "L1"], id="lessons alone are no tracks"),
        pytest.param(
            [f"{SITE}/x/a/practice/", f"{SITE}/x/b/practice/", f"{SITE}/y/c/practice/"],
            ["X::L0", "X::L1", "Y::L2"],
            id="an end that all have",
        ),
        pytest.param(
            [f"{SITE}/a/practice", f"{SITE}/b/practice"], ["L0", "L1"], id="lessons with an end that all have"
        ),
        pytest.param(
            [f"{SITE}/x/index.html", f"{SITE}/x/a.html", f"{SITE}/y/b.html"], ["X::L0", "X::L1", "Y::L2"], id="files"
        ),
        pytest.param(
            ["https://a.example/", "https://a.example/x/l", "https://a.example/y/m"],
            ["L0", "X::L1", "Y::L2"],
            id="a site",
        ),
        pytest.param(
            [f"{SITE}/%C3%A4sthetik/a", f"{SITE}/y/b", ""], ["L2", "Ästhetik::L0", "Y::L1"], id="no URL, and signs"
        ),
    ],
)
def test_urls_tell_tracks(urls, expected):
    assert names(build(read(sources(*urls)), "Statistics", tracks="urls")) == expected


def test_urls_are_cut_at_the_courses_own_where_all_are_below_it(course):
    pages = {"a.md": "A", "b.md": "B"}
    toml = f'[course]\nurl = "{SITE}"\ntracks = "urls"\n' + listed(
        f'file = "a.md"\nurl = "{SITE}/one/a"', f'file = "b.md"\nurl = "{SITE}/one/b"'
    )
    assert names(course(toml, pages)) == ["One::01 A", "One::02 B"]


def test_a_page_that_only_leads_to_the_lessons_tells_of_no_track():
    index = Source(name="index.md", text="# Welcome\n", format="markdown", url=f"{SITE}/")
    pages = read([index, *sources(f"{SITE}/one/a/", f"{SITE}/two/b/")])
    assert names(build(pages, "Statistics", tracks="urls")) == ["One::L0", "Two::L1"]


def test_the_courses_own_page_is_below_its_url(course):
    urls = {"index.md": f"{SITE}/", "a.md": f"{SITE}/one/a/", "b.md": f"{SITE}/two/b/"}
    tables = listed(*(f'file = "{file}"\nurl = "{url}"' for file, url in urls.items()))
    toml = f'[course]\nurl = "{SITE}/"\ntracks = "urls"\n{tables}'
    pages = {"index.md": "Home", "a.md": "A", "b.md": "B"}
    assert names(course(toml, pages)) == ["01 Home", "One::01 A", "Two::01 B"]


# Names and numbers


def test_lessons_are_numbered_in_their_track(course):
    files = ("inference/tests.md", "foundations/spread.md", "glossary.md", "foundations/averages.md")
    toml = TABLES + listed(*(f'file = "{file}"' for file in files))
    expected = ["01 Glossary", "01 Inference::01 Tests", "02 Foundations::01 Spread", "02 Foundations::02 Averages"]
    assert names(course(toml)) == expected


def test_number_of_a_lesson_is_the_same_whichever_lessons_are_given(tmp_path):
    toml = TABLES + listed('file = "foundations/spread.md"', 'file = "foundations/averages.md"')
    folder = write_pages(tmp_path / "course", toml=toml)
    assert names(build(read(folder / "foundations" / "averages.md"), "Statistics")) == ["02 Foundations::02 Averages"]
    toml = '[course]\ntracks = "folders"\n' + listed('file = "glossary.md"', 'file = "inference/tests.md"')
    (folder / "ankiexport.toml").write_text(toml, "utf-8")
    assert names(build(read(folder / "inference"), "Statistics")) == ["Inference::01 Tests"]


def test_order_of_a_lesson_is_its_number_and_each_track_may_begin_with_one(course):
    toml = TABLES + listed(
        'file = "foundations/spread.md"\norder = 2',
        'file = "inference/tests.md"\norder = 1',
        'file = "foundations/averages.md"\norder = 1',
    )
    expected = ["Glossary", "01 Inference::01 Tests", "02 Foundations::01 Averages", "02 Foundations::02 Spread"]
    assert names(course(toml)) == expected


def test_two_lessons_of_a_track_with_one_number_are_refused(course):
    toml = TABLES + listed('file = "foundations/spread.md"\norder = 2', 'file = "foundations/averages.md"\norder = 2')
    with pytest.raises(UsageError, match="two lessons have the number 2"):
        course(toml)


def test_template_of_lessons_counts_within_the_track(course):
    toml = '[course]\ntracks = "folders"\ndeck = "{number}. {title}"\n'
    assert names(course(toml)) == [
        "1. Glossary",
        "Foundations::1. Averages",
        "Foundations::2. Spread",
        "Inference::1. Tests",
    ]


def test_template_of_tracks(course):
    toml = '[course]\ntrack_deck = "Part {number}::{title}"\n' + TABLES
    assert names(course(toml))[1:3] == ["Part 1::Inference::Tests", "Part 2::Foundations::Averages"]
    toml = '[course]\ntrack_deck = "{number} {title}"\ntracks = "folders"\n'
    assert names(course(toml))[1:] == ["1 Foundations::Averages", "1 Foundations::Spread", "2 Inference::Tests"]


def test_colons_in_the_name_of_a_track_make_no_deck_of_their_own(course):
    made = course('[[track]]\nname = "A::B"\nfiles = ["inference/*"]\n')
    assert names(made)[-1] == "01 A:B::Tests"


def test_lessons_with_one_title_in_two_tracks_are_two_decks(course):
    pages = {"a/intro.md": "Introduction", "b/intro.md": "introduction"}
    toml = '[course]\ntracks = "folders"\n' + listed('file = "b/intro.md"\nkey = "b-introduction"')
    made = course(toml, pages)
    assert sorted(names(made)) == ["A::Introduction", "B::01 introduction"]
    assert made.problems == ()


def test_lessons_with_one_title_and_one_key_are_told_what_to_paste(course):
    with pytest.raises(UsageError, match=r'\[\[page\]\]\nfile = "b/intro.md"\nkey = "introduction-2"'):
        course(pages={"a/intro.md": "Introduction", "b/intro.md": "introduction"}, tracks="folders")


def test_example_in_the_document_gives_the_names_that_it_says(root, course):
    text = (root / "docs" / "tracks.md").read_text("utf-8")
    toml, names_in_it = text.split("```toml\n")[1].split("```")[0], ["01 Foundations", "02 Inference"]
    pages = {"foundations/averages.md": "Averages", "inference/tests.md": "Tests", "extras/bayes.md": "Bayes"}
    assert names(course(toml, pages)) == ["01 Foundations::Averages", "02 Inference::Bayes", "02 Inference::Tests"]
    assert [name for name in names_in_it if f'# "{name}"' not in toml] == []


# What stays


def test_tracks_change_nothing_that_a_note_holds(course):
    plain, tracked = course(), course(tracks="folders")
    contents = [{(note.guid, note.content, note.tags) for note in made.notes} for made in (plain, tracked)]
    assert contents[0] == contents[1] and len(contents[0]) == 8


def test_a_lock_keeps_the_decks_until_new_names_are_accepted(tmp_path, run, day):
    folder = write_pages(tmp_path / "course")
    assert run("build", folder).exit_code == 0
    before = packed_notes("course.apkg")
    day(2)
    built = run("build", folder, "--tracks", "folders")
    assert built.exit_code == 0
    assert built.stderr.splitlines()[-1].endswith(": 8 unchanged")
    assert packed_notes("course.apkg") == before
    assert "the deck keeps its name 'course::Averages'; ankiexport lock --accept-names makes it" in built.stderr

    told = run("diff", folder, "--tracks", "folders")
    assert (told.exit_code, told.stdout) == (0, "8 unchanged\n")
    assert "keeps its name 'course::Averages'" in told.stderr

    accepted = run("lock", "--accept-names", folder, "--tracks", "folders")
    assert accepted.exit_code == 0
    assert "  course::Averages → course::Foundations::Averages" in accepted.stderr.splitlines()
    against = run("diff", folder, "--tracks", "folders", "--against", "course.apkg")
    assert (against.exit_code, against.stdout.splitlines()[-1]) == (1, "6 moved, 2 unchanged")
    assert "Foundations: Averages" in against.stdout.splitlines()
    assert run("build", folder, "--tracks", "folders", "--locked").exit_code == 0
    after = packed_notes("course.apkg")
    assert {guid: note[:2] for guid, note in after.items()} == {guid: note[:2] for guid, note in before.items()}
    assert {note[2] for note in after.values()} == {
        "course::Glossary",
        "course::Foundations::Averages",
        "course::Foundations::Spread",
        "course::Inference::Tests",
    }


def test_many_decks_that_keep_their_names_are_told_in_one_line(tmp_path, run):
    folder = write_pages(tmp_path / "course", {f"a/{i}.md": f"Lesson {i}" for i in range(9)})
    run("build", folder)
    (line,) = run("diff", folder, "--tracks", "folders").stderr.splitlines()
    assert line.endswith("makes it 'course::A::Lesson 0', and renames 8 other decks that keep theirs")


def test_numbers_in_the_lock_are_those_of_the_names(tmp_path, run):
    toml = TABLES + listed('file = "inference/tests.md"', 'file = "foundations/spread.md"')
    folder = write_pages(tmp_path / "course", toml=toml)
    run("build", folder)
    pages = {record["deck"]: record["number"] for record in records(folder / "ankiexport.lock") if "deck" in record}
    assert pages["course::02 Foundations::01 Spread"] == 1
    assert pages["course::02 Foundations::Averages"] is None


# What is told


@pytest.mark.parametrize(
    ("toml", "line", "message"),
    [
        ('[[track]]\nfiles = ["a"]\n', 1, 'a [[track]] needs a name: name = "Foundations"'),
        ('[[track]]\nname = "A"\n[[track]]\nname = "a"\n', 4, "the track 'a' is named twice"),
        ('[[track]]\nname = "A"\nfile = ["a"]\n', 3, "did you mean 'files'?"),
        ('[[track]]\nname = "A"\nfiles = "a"\n', 3, "files is a list of strings"),
        ('[[track]]\nname = "A"\norder = -1\n', 3, "order is a number from 0"),
        ('[[track]]\nname = "A"\norder = 2\n[[track]]\nname = "B"\n', 3, "two tracks have one number"),
        ('[track]\nname = "A"\n', 1, "[[track]]"),
        ('[course]\ntracks = "folder"\n', 2, "did you mean 'folders'?"),
        ('[course]\ntracks = "none"\n', 2, "no tracks from 'none'"),
        ('[course]\ntrack_deck = "{nr}"\n', 2, "{number:02} {title}"),
        ('[[track]]\nname = "Sums"\n\n[[page]]\nfile = "glossary.md"\ntrack = "Sum"\n', 6, "did you mean 'Sums'?"),
    ],
)
def test_mistake_is_told_with_its_line(course, toml, line, message):
    with pytest.raises(UsageError) as caught:
        course(toml)
    assert f"ankiexport.toml:{line}: " in str(caught.value) and message in str(caught.value)


def test_files_of_a_track_that_match_no_page_are_told_with_its_line(course):
    made = course(TABLES + '\n[[track]]\nname = "Lost"\nfiles = ["lots/**"]\n')
    (problem,) = made.problems
    assert (problem.severity, problem.location.line) == ("warning", 10)
    assert "the track 'Lost' has no page: nothing is left that 'lots/**' matches" in problem.message


def test_files_of_a_track_that_were_not_given_are_not_missed(tmp_path):
    folder = write_pages(tmp_path / "course", toml=TABLES)
    assert build(read(folder / "inference"), "Statistics").problems == ()
    assert build(read(folder / "glossary.md"), "Statistics").problems == ()


def test_listing_tells_the_tracks(tmp_path, run):
    folder = write_pages(tmp_path / "course")
    assert '"track": "Foundations"' in run("list", "--json", folder, "--tracks", "folders").stdout
    assert "Foundations: Averages" in run("list", folder, "--tracks", "folders").stdout


def test_check_counts_each_page_by_itself(tmp_path, run):
    write_page(tmp_path / "foundations" / "averages.md", "Averages", "What is a mean?", "What is a median?")
    write_page(tmp_path / "glossary.md", "Glossary", "What is a range?")
    pages = json.loads(run("check", "--json", tmp_path, "--tracks", "folders").stdout)["pages"]
    counts = [(page["title"], page["items"], page["coverage"]["used"]) for page in pages]
    assert counts == [("Glossary", 1, 1), ("Averages", 2, 2)]


def test_folders_below_are_the_same_course_wherever_the_command_runs(tmp_path, run, monkeypatch):
    write_pages(tmp_path / "course", toml=TABLES)
    monkeypatch.chdir(tmp_path)
    assert run("build", "course").exit_code == 0


def test_unknown_source_of_tracks_is_status_2(tmp_path, run):
    result = run("build", write_pages(tmp_path / "course"), "--tracks", "files")
    assert result.exit_code == 2 and "--tracks" in result.stderr


def test_work_grows_with_the_lessons_and_not_with_their_square(tmp_path, monkeypatch):
    """A thousand lessons in fifty tracks: each file's place is asked for a few times, not once for each lesson."""
    folder = write_pages(tmp_path / "course", {f"t{i % 50}/{i}.md": f"Lesson {i}" for i in range(1000)})
    tables = "".join(f'[[track]]\nname = "T{i}"\nfiles = ["t{i}/**"]\n' for i in range(50))
    pages = "".join(f'[[page]]\nfile = "t{i % 50}/{i}.md"\n' for i in range(1000))
    (folder / "ankiexport.toml").write_text(tables + pages, "utf-8")
    resolved = []
    resolve = Path.resolve
    monkeypatch.setattr(
        Path, "resolve", lambda self, *given, **how: resolved.append(self) or resolve(self, *given, **how)
    )
    made = build(read(folder), "Statistics")
    assert len(made.decks) == 1000
    assert len(resolved) < 30 * 1000
