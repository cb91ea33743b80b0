"""Which addresses may be spoken to, and where a document lies."""

import posixpath
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duo_lsp import urls


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1))
def test_a_path_is_what_its_uri_means(name):
    path = f"/{name}"
    assert urls.document_path(urls.of_path(path)) == posixpath.normpath(path)


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("https://gitlab.com", "https://gitlab.com"),
        (" https://gitlab.com/ ", "https://gitlab.com"),
        ("HTTPS://GitLab.Example.COM", "https://gitlab.example.com"),
        ("https://gitlab.com:443", "https://gitlab.com"),
        ("https://gitlab.com:8443/", "https://gitlab.com:8443"),
        ("https://example.com/gitlab/", "https://example.com/gitlab"),
        ("https://example.com//gitlab", "https://example.com/gitlab"),
        ("https://gitlab_1.example", "https://gitlab_1.example"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://gitlab。com", "https://gitlab.com"),
        ("https://10.0.0.1", "https://10.0.0.1"),
        ("https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://LOCALHOST", "http://localhost"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://127.8.8.8:3000/x", "http://127.8.8.8:3000/x"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("http://[0:0:0:0:0:0:0:1]", "http://[::1]"),
    ],
)
def test_these_may_be_spoken_to(given_, expected):
    assert urls.read_base_url(given_) == expected
    assert urls.read_base_url(expected) == expected


@pytest.mark.parametrize(
    "address",
    [
        None,
        3,
        b"https://gitlab.com",
        ["https://gitlab.com"],
        "",
        "gitlab.com",
        "//gitlab.com",
        "ftp://gitlab.com",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "https:///path",
        "https://:443",
        "http://gitlab.com",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://[2001:db8::1]",
        "https://me@gitlab.com",
        "https://me:secret@gitlab.com",
        "https://@gitlab.com",
        "https://gitlab.com?x=1",
        "https://gitlab.com?",
        "https://gitlab.com#x",
        "https://gitlab.com\\@evil.example",
        "https://gitlab.com\\evil",
        "https://git lab.com",
        "https://git\nlab.com",
        "https://git\tlab.com",
        "https://gitlab.com/a b",
        "https://gitlab.com/../x",
        "https://gitlab.com/%2e%2e/x",
        "https://gitlab.com/é",
        "https://gitlab.com:0",
        "https://gitlab.com:99999",
        "https://gitlab.com:-1",
        "https://gitlab.com:x",
        "https://gitlab..com",
        "https://-gitlab.com",
        "https://gitlab%2ecom",
        "https://[::1",
        "https://[fe80::1%25eth0]",
        "https://[v1.x]",
        "https://" + "a" * 64 + ".com",
        "https://evil\uff0f.com",
        "https://\ud800.com",
    ],
)
def test_these_may_not(address):
    with pytest.raises(ValueError):  # noqa: PT011 - the standard library's own words, too
        urls.read_base_url(address)


parts = st.text("htps:/@?#[]%.\\aé\n 1-_", max_size=20) | st.text(max_size=20)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["", "https://", "http://", "https://gitlab.com", "http://localhost"]), parts)
def test_any_text_is_a_safe_address_or_a_value_error(start, rest):
    try:
        address = urls.read_base_url(start + rest)
    except ValueError:
        return
    read = urlsplit(address)
    assert address.isascii()
    assert urls.read_base_url(address) == address
    assert read.scheme == "https" or urls.is_loopback(read.hostname or "")
    assert not any((read.username, read.query, read.fragment))
    assert urls.origin(address).endswith(urls.host_of(address))


@pytest.mark.parametrize(
    ("address", "origin", "host"),
    [
        ("https://a.example/x/y", "https://a.example", "a.example"),
        ("https://A.example:443", "https://a.example", "a.example"),
        ("https://a.example:8443", "https://a.example:8443", "a.example:8443"),
        ("http://[::1]:80/", "http://[::1]", "[::1]"),
    ],
)
def test_what_a_token_is_bound_to(address, origin, host):
    assert urls.origin(address) == origin
    assert urls.host_of(address) == host


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("LocalHost", True),
        ("127.0.0.1", True),
        ("[::1]", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("localhost.example", False),
        ("", False),
        ("gitlab.com", False),
    ],
)
def test_this_very_machine(host, expected):
    assert urls.is_loopback(host) is expected


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///w/a.py", "/w/a.py"),
        ("file:/w/a.py", "/w/a.py"),
        ("file://localhost/w/a.py", "/w/a.py"),
        ("file:///w/", "/w"),
        ("file:///", "/"),
        ("file:///w/a%20b%23c%3F.py", "/w/a b#c?.py"),
        ("file:///w/%E6%BC%A2.py", "/w/漢.py"),
        ("file:///w/漢.py", "/w/漢.py"),
        ("file:///w/a%5Cb.py", "/w/a\\b.py"),
        ("file:///w/x/../a.py", "/w/a.py"),
        ("file:///w/%2e%2e/%2e%2e/a.py", "/a.py"),
        ("file:///c:/w/a.py", "C:/w/a.py"),
        ("file:///C%3A/w/a.py", "C:/w/a.py"),
        ("file:///c%3A%5Cw%5Ca.py", "C:/w/a.py"),
        ("file://c:/w/a.py", "C:/w/a.py"),
        ("file:///c:", "C:"),
        ("C:\\w\\a.py", "C:/w/a.py"),
        ("c:/w/a.py", "C:/w/a.py"),
        ("file://server/share/a.py", "//server/share/a.py"),
        ("untitled:Untitled-1", "Untitled-1"),
        ("untitled:/w/new.py", "/w/new.py"),
        ("untitled:c:\\w\\new.py", "C:/w/new.py"),
        ("vscode-notebook-cell:/w/a.ipynb#W0sZmlsZQ%3D%3D", "/w/a.ipynb"),
        ("vscode-remote://ssh-remote%2Bhost/w/a.py", "/w/a.py"),
        ("git:/w/a.py?%7B%22ref%22%3A%22~%22%7D", "/w/a.py"),
        ("file://", ""),
        ("", ""),
        ("file://[bad", ""),
    ],
)
def test_the_path_of_a_document(uri, path):
    assert urls.document_path(uri) == path


@given(st.text(max_size=40))
def test_any_uri_has_a_path(rest):
    assert ".." not in urls.document_path("file:///w/" + rest).split("/")
    urls.document_path(rest)


@pytest.mark.parametrize(
    ("path", "folders", "expected"),
    [
        ("/a/b/c.py", ("/a/b",), "c.py"),
        ("/a/b/c.py", ("/a/b/",), "c.py"),
        ("/a/b/c.py", ("/a", "/a/b"), "c.py"),
        ("/a/b/c.py", ("/a/b", "/a"), "c.py"),
        ("/a/b/c.py", ("/a",), "b/c.py"),
        ("/a/bc/d.py", ("/a/b",), None),
        ("/a/b", ("/a/b",), None),
        ("/a/b", ("/a/b/c",), None),
        ("/a/b.py", ("/",), None),
        ("/a/b.py", ("", "/x"), None),
        ("/a/b.py", (), None),
        ("/A/b.py", ("/a",), None),
        ("C:/w/a.py", ("C:/w",), "a.py"),
        ("C:/W/Src/A.py", ("c:/w",), "Src/A.py"),
        ("c:/w/a.py", ("C:/w/",), "a.py"),
        ("C:/w/a.py", ("D:/w",), None),
        ("C:/w/a.py", ("C:/",), None),
        ("C:/w/a.py", ("C:",), None),
        ("//server/share/p/a.py", ("//server/share/p",), "a.py"),
        ("//server/share/a.py", ("//server",), None),
        ("Untitled-1", ("/w",), None),
        ("", ("/w",), None),
        ("", ("",), None),
    ],
)
def test_the_path_inside_a_folder(path, folders, expected):
    assert urls.relative_to(path, folders) == expected


@given(st.text("ab/.:C\\ ", max_size=12), st.lists(st.text("ab/.:C\\ ", max_size=8), max_size=3))
def test_any_path_in_any_folders(path, folders):
    inside = urls.relative_to(path, tuple(folders))
    assert inside is None or (path.rstrip("/").endswith(inside.rstrip("/")) and not inside.startswith("/"))


@pytest.mark.parametrize(("uri", "path"), [("file:///a%20b.py", "/a b.py"), ("untitled:Untitled-1", ""), ("/a.py", "")])
def test_only_a_file_has_a_path_on_the_disk(uri, path):
    assert urls.file_path(uri) == path
