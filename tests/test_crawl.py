"""Which pages an address stands for: sitemaps, links, globs, and where a crawl ends."""

import gzip

import pytest
from fetching import files, hasty, told
from misbehaving_server import Site, cut_off, linking, practice, redirecting, sending, sitemap, sitemap_index

from ankiexport.errors import SourceError
from ankiexport.manifest import load_manifest
from ankiexport.web import addresses
from ankiexport.web.fetch import fetch


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "saved"


def add(site: Site, *paths: str, links: str = "") -> None:
    """Pages that differ, each with these links."""
    site.pages |= {path: practice(path, f"What is {path}?", links=links) for path in paths}


def found(site: Site, start: str, folder, **how) -> list[str]:
    """The paths of the pages that were saved, in the order of the site."""
    fetch([site.url + start], folder, hasty(**how))
    manifest = load_manifest(folder)
    return [page.url.removeprefix(site.url) for page in manifest.pages] if manifest else []


# Sitemaps


def test_sitemap_gives_pages_and_their_order(site, folder):
    add(site, "/c/", "/c/b/", "/c/a/", "/other/")
    site.pages["/sitemap.xml"] = sitemap(*(site.url + path for path in ("/c/b/", "/c/", "/other/", "/c/a/")))
    assert found(site, "/c/", folder) == ["/c/b/", "/c/", "/c/a/"]
    assert "/other/" not in site.asked


def test_robots_say_where_the_sitemap_is(site, folder):
    add(site, "/c/", "/c/a/")
    site.pages |= {"/robots.txt": f"Sitemap: {site.url}/map", "/map": sitemap(f"{site.url}/c/a/")}
    assert found(site, "/c/", folder) == ["/c/", "/c/a/"]
    assert "/sitemap.xml" not in site.asked


def test_sitemap_of_a_project_below_its_host(site, folder):
    add(site, "/project/", "/project/a/")
    site.pages["/project/sitemap.xml"] = sitemap(f"{site.url}/project/a/")
    assert found(site, "/project/", folder) == ["/project/", "/project/a/"]


def test_sitemap_of_sitemaps_some_of_them_compressed(site, folder):
    add(site, "/c/", "/c/1", "/c/2", "/c/3")
    site.pages |= {
        "/sitemap.xml": sitemap_index("/two.xml.gz", f"{site.url}/deep.xml"),
        "/two.xml.gz": sending(gzip.compress(sitemap(f"{site.url}/c/2").encode()), Content_Type="application/gzip"),
        "/deep.xml": sitemap_index("/one.xml"),
        "/one.xml": sitemap(f"{site.url}/c/1", f"{site.url}/c/3"),
    }
    assert found(site, "/c/", folder) == ["/c/", "/c/2", "/c/1", "/c/3"]


def test_sitemap_itself_may_be_given(site, folder):
    add(site, "/c/a", "/d/b", "/c/c")
    site.pages["/some.xml"] = sitemap(*(site.url + path for path in ("/d/b", "/c/a", "/c/c")))
    site.types["/some.xml"] = "application/xml"
    assert found(site, "/some.xml", folder) == ["/d/b", "/c/a", "/c/c"]


def test_sitemap_with_a_list_of_lines(site, folder):
    add(site, "/c/", "/c/a")
    site.pages |= {"/robots.txt": f"Sitemap: {site.url}/map.txt", "/map.txt": f"{site.url}/c/a\n"}
    assert found(site, "/c/", folder) == ["/c/", "/c/a"]


def test_sitemap_that_says_http_means_its_own_scheme_and_other_hosts_are_left_out(site, folder):
    add(site, "/c/", "/c/a")
    site.pages["/sitemap.xml"] = sitemap(f"https://{site.host}/c/a", "https://example.org/c/b", "/c/a#part")
    assert found(site, "/c/", folder) == ["/c/", "/c/a"]


def test_sitemap_that_brings_a_bomb_of_entities_lists_nothing(site, folder):
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    site.pages["/sitemap.xml"] = (
        f'<!DOCTYPE urlset [<!ENTITY e0 "x">{levels}<!ENTITY f SYSTEM "file:///etc/hostname">]>'
        f"<urlset><url><loc>{site.url}/c/&e11;&f;</loc></url></urlset>"
    )
    add(site, "/c/", "/c/a", links=linking("/c/a"))
    assert found(site, "/c/", folder) == ["/c/", "/c/a"]


def test_sitemap_that_is_a_bomb_of_gzip_lists_nothing(site, folder):
    site.pages["/sitemap.xml"] = sending(
        gzip.compress(b"<urlset>" + b" " * 60_000_000), Content_Type="application/gzip"
    )
    add(site, "/c/", "/c/a", links=linking("/c/a"))
    assert found(site, "/c/", folder) == ["/c/", "/c/a"]


def test_sitemaps_without_an_end_have_one(site, folder, monkeypatch):
    monkeypatch.setattr("ankiexport.web.listings._MOST_SITEMAPS", 20)
    for number in range(50):
        site.pages[f"/{number}.xml"] = sitemap_index(f"/{number + 1}.xml", f"/{number}.xml")
    site.pages["/robots.txt"] = f"Sitemap: {site.url}/0.xml"
    add(site, "/c/")
    fetched = fetch([site.url + "/c/"], folder, hasty())
    assert any("more than 20 sitemaps" in line for line in told(fetched))
    assert len(site.asked) < 30


def test_robots_that_name_sitemaps_without_an_end_come_to_one(site, folder, monkeypatch):
    monkeypatch.setattr("ankiexport.web.listings._MOST_SITEMAPS", 20)
    for number in range(50):
        site.pages[f"/{number}.xml"] = sitemap_index(*(f"/{number}-{inner}.xml" for inner in range(3)))
    site.pages["/robots.txt"] = "".join(f"Sitemap: {site.url}/{number}.xml\n" for number in range(50))
    add(site, "/c/")
    fetched = fetch([site.url + "/c/"], folder, hasty())
    assert any("more than 20 sitemaps" in line for line in told(fetched))
    assert len(site.asked) < 30


def test_of_more_links_than_the_limit_no_more_wait(site, folder):
    site.pages["/c/"] = linking(*(f"/c/{number}" for number in range(1000)))
    site.pages["/c/0"] = practice("Zero", "What is zero?", links=linking(*(f"/c/x{number}" for number in range(1000))))
    totals = []
    fetched = fetch([site.url + "/c/"], folder, hasty(limit=3), watch=lambda progress: totals.append(progress.total))
    assert max(totals) < 10
    assert any("more pages than the limit of 3" in line for line in told(fetched))


def test_file_of_very_many_empty_archives_is_looked_at_in_time(site, folder):
    site.pages["/c/"] = sending(gzip.compress(b"", mtime=0) * 300_000, Content_Type="application/gzip")
    with pytest.raises(SourceError, match="no page"):
        fetch([site.url + "/c/"], folder, hasty(longest_request=30))


@pytest.mark.parametrize(
    "hostile",
    [
        "<!-- -->" * 600,
        "<?a?>" * 800,
        "<!DOCTYPE a [ ]>" * 300,
        "<!DOCTYPE a [" + "]" * 4000,
        " " * 5000,
        f'<meta http-equiv="refresh" content="{" " * 300_000}">',
        f'<a href="/c/{"x" * 300_000}">',
        f'<a href="{"../" * 1000}">' * 50,
        "<div>" * 50_000,
        "<a " * 50_000,
    ],
)
def test_page_that_wants_to_take_for_ever_does_not(site, folder, hostile):
    site.pages["/c/"] = hostile
    assert found(site, "/c/", folder) == ["/c/"]


@pytest.mark.parametrize(
    "head",
    ["", "<?xml version='1.0'?>\n", "<!-- a > b -->\n<?xml-stylesheet href='a'?>", "<!DOCTYPE urlset [<!-- -->]>"],
)
def test_sitemap_is_known_by_how_it_begins(site, folder, head):
    add(site, "/c/a")
    site.pages["/map"] = head + sitemap(f"{site.url}/c/a").partition("?>")[2]
    assert found(site, "/map", folder) == ["/c/a"]


def test_sitemap_that_cannot_be_had_is_told_and_links_are_followed(site, folder):
    add(site, "/c/", "/c/a", links=linking("a"))
    site.pages["/sitemap.xml"] = cut_off
    fetched = fetch([site.url + "/c/"], folder, hasty(retries=0))
    assert fetched.failed
    assert told(fetched)[0].startswith(f"{site.url}/sitemap.xml: warning: it could not be fetched")
    assert files(folder) == ["c/a.html", "c/index.html"]


# Links


def test_links_below_the_start_are_followed_the_nearest_first(site, folder):
    add(site, "/c/", links=linking("b/", "a/", "/elsewhere/", "https://example.org/c/", "mailto:ada@example.org"))
    add(site, "/c/b/", links=linking("deep/", "../"))
    add(site, "/c/a/", "/c/b/deep/")
    assert found(site, "/c/", folder) == ["/c/", "/c/b/", "/c/a/", "/c/b/deep/"]


def test_page_that_only_leads_on_is_followed(site, folder):
    site.pages["/c/"] = '<meta http-equiv="refresh" content="0; url=intro.html">'
    add(site, "/c/intro.html", links=linking("one.html"))
    add(site, "/c/one.html")
    assert found(site, "/c/", folder) == ["/c/", "/c/intro.html", "/c/one.html"]


def test_links_are_relative_to_the_base_that_a_page_says(site, folder):
    site.pages["/c/"] = '<base href="/c/deep/">' + linking("one")
    add(site, "/c/deep/one")
    assert found(site, "/c/", folder) == ["/c/", "/c/deep/one"]


def test_addresses_of_one_page_are_one_page(site, folder):
    add(
        site, "/c/", links=linking("a", "a#part", "a/", "./a", "../c/a", "%61", "index.html", f"{site.url.upper()}/c/a")
    )
    add(site, "/c/a/")
    site.pages |= {"/c/a": redirecting("/c/a/"), "/c/index.html": site.pages["/c/"]}
    assert found(site, "/c/", folder) == ["/c/", "/c/a/"]
    assert site.counts["/c/a"] == 1


def test_maze_of_queries_ends_at_the_limit(site, folder):
    def maze(handler):
        number = int(handler.path.partition("=")[2] or 0)
        page = practice(
            f"{number}", f"What is {number}?", links=linking(f"?at={2 * number + 1}", f"?at={2 * number + 2}")
        )
        sending(page.encode(), Content_Type="text/html")(handler)

    site.pages = type("Maze", (dict,), {"get": lambda self, path: maze if path.startswith("/c/") else None})()
    fetched = fetch([site.url + "/c/"], folder, hasty(limit=12))
    message = "there are more pages than the limit of 12: --limit sets another"
    assert told(fetched) == [f"{site.url}/c/: warning: {message}"]
    assert len(fetched.pages) == 12


def test_redirect_out_of_the_course_is_told_and_not_followed(site, folder):
    add(site, "/c/", "/login", links=linking("a"))
    site.pages["/c/a"] = redirecting("/login")
    fetched = fetch([site.url + "/c/"], folder, hasty())
    assert told(fetched) == [f"{site.url}/c/a: note: it is redirected to {site.url}/login"]
    assert not fetched.failed and "/login" not in site.asked


def test_links_to_what_is_no_page_are_told(site, folder):
    add(site, "/c/", links=linking("book.pdf", "data", "gone"))
    site.pages["/c/data"] = sending(b"{}", Content_Type="application/json")
    fetched = fetch([site.url + "/c/"], folder, hasty())
    assert told(fetched) == [
        f"{site.url}/c/book.pdf: note: no page: application/pdf",
        f"{site.url}/c/data: note: no page: application/json",
        f"{site.url}/c/gone: warning: the server answers 404 Not Found",
    ]
    assert not fetched.failed and "/c/book.pdf" not in site.asked


def test_pages_that_robots_forbid_are_told(site, folder):
    site.pages["/robots.txt"] = "User-agent: *\nDisallow: /c/secret\n"
    add(site, "/c/", links=linking("secret", "a"))
    add(site, "/c/secret", "/c/a")
    fetched = fetch([site.url + "/c/"], folder, hasty())
    assert told(fetched) == [f"{site.url}/c/secret: note: robots.txt forbids it"]
    assert files(folder) == ["c/a.html", "c/index.html"]


# What is asked for


def test_address_without_a_slash_is_one_page(site, folder):
    add(site, "/c/a", "/c/b", links=linking("/c/b"))
    assert found(site, "/c/a", folder) == ["/c/a"]


def test_address_that_the_server_ends_in_a_slash_is_a_course(site, folder):
    add(site, "/c/", "/c/a", links=linking("/c/a"))
    site.pages["/c"] = redirecting("/c/")
    assert found(site, "/c", folder) == ["/c/", "/c/a"]


def test_glob_narrows_what_a_sitemap_lists(site, folder):
    paths = ["/c/1/", "/c/1/practice/", "/c/2/", "/c/2/practice/"]
    add(site, "/c/", *paths)
    site.pages["/sitemap.xml"] = sitemap(*(site.url + path for path in paths))
    assert found(site, "/c/", folder, match=("*/practice/",)) == ["/c/", "/c/1/practice/", "/c/2/practice/"]
    assert "/c/1/" not in site.asked


def test_glob_narrows_what_is_linked_but_not_the_way_there(site, folder):
    add(site, "/c/", links=linking("1/"))
    add(site, "/c/1/", links=linking("practice/"))
    add(site, "/c/1/practice/")
    assert found(site, "/c/", folder, match=("*/practice/",)) == ["/c/", "/c/1/practice/"]


def test_glob_makes_a_course_of_any_address(site, folder):
    add(site, "/c/index.html", links=linking("a.html", "b.html"))
    add(site, "/c/a.html", "/c/b.html")
    assert found(site, "/c/index.html", folder, match=("*/b.html",)) == ["/c/index.html", "/c/b.html"]


def test_glob_that_matches_nothing_is_told(site, folder):
    add(site, "/c/", "/c/a", links=linking("a"))
    fetched = fetch([site.url + "/c/"], folder, hasty(match=("*/practise/",)))
    (line,) = told(fetched)
    assert line.startswith(f"{site.url}/c/: warning: no page below it matches '*/practise/'; a glob is for a whole")


def test_glob_that_matches_nothing_in_a_sitemap_follows_no_links(site, folder):
    add(site, "/c/", "/c/a", links=linking("a", "b"))
    site.pages["/sitemap.xml"] = sitemap(f"{site.url}/c/", f"{site.url}/c/a")
    assert found(site, "/c/", folder, match=("*/practise/",)) == ["/c/"]
    assert "/c/a" not in site.asked and "/c/b" not in site.asked


def test_several_addresses_of_several_sites(site, folder):
    other = Site()
    add(site, "/a.html")
    add(other, "/a.html")
    fetch([f"{site.url}/a.html", f"{other.url}/a.html"], folder, hasty())
    other.close()
    assert files(folder) == sorted(["a.html", f"{other.host.replace(':', '-')}/a.html"])


@pytest.mark.parametrize(
    ("written", "one"),
    [
        ("HTTPS://Example.org:443/a/../b/./c%7e%2f?x=1#part", "https://example.org/b/c~%2F?x=1"),
        ("http://example.org", "http://example.org/"),
        ("http://[::1]:80/", "http://[::1]/"),
        ("http://bücher.example/ä b", "http://xn--bcher-kva.example/%C3%A4%20b"),
        ("http://example.org/100%", "http://example.org/100%25"),
        ("http://example.org/a/..", "http://example.org/"),
        ("http://example.org/.well-known/a", "http://example.org/.well-known/a"),
        (" http://exam\nple.org/ ", "http://example.org/"),
        ("http://ada:s3cret@example.org/", "http://example.org/"),
        ("ftp://example.org/", None),
        ("javascript:alert(1)", None),
        ("http://example.org:99999/", None),
        ("http://", None),
    ],
)
def test_address_has_one_form(written, one):
    assert addresses.normal(written) == one
    if one:
        assert addresses.normal(one) == one
