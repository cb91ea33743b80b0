"""Which files a text imports, told by the text and the file's place alone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.suggestions.neighbours import imports

LANGUAGES = ["python", "javascript", "typescript", "vue", "ruby", "rust", "c", "cpp", "java", "kotlin", "scala"]


def first(language, text, name, *there):
    """The files, of those that are there, which the text imports, in order."""
    found = []
    for one in imports.wanted(language, text, name):
        path = next((path for path in one if path in there), None)
        if path is not None and path not in found:
            found.append(path)
    return found


@pytest.mark.parametrize(
    ("line", "there", "found"),
    [
        ("import a", ["a.py"], ["a.py"]),
        ("import a.b as x, c", ["a/b.py", "c/__init__.py"], ["a/b.py", "c/__init__.py"]),
        ("from a import b", ["a.py"], ["a.py"]),
        ("from a import b", ["a/__init__.py", "a/b.py"], ["a/b.py"]),
        ("from a import (\n    b,  # why, because\n    c as d,\n)", ["a/b.py", "a/c.py"], ["a/b.py", "a/c.py"]),
        ("from a import *", ["a/__init__.py"], ["a/__init__.py"]),
        ("    from . import near", ["server/pkg/near.py"], ["server/pkg/near.py"]),
        ("from .near import X", ["server/pkg/near.py"], ["server/pkg/near.py"]),
        ("from .. import up", ["server/up.py"], ["server/up.py"]),
        ("from ..up.deep import X", ["server/up/deep.py"], ["server/up/deep.py"]),
        ("from ... import top", ["top.py"], ["top.py"]),
        ("from .... import out", ["out.py"], []),
        ("from . import X", ["server/pkg/__init__.py"], ["server/pkg/__init__.py"]),
        ("import pkg.near", ["server/pkg/near.py"], ["server/pkg/near.py"]),
        ("import other", ["src/other.py"], ["src/other.py"]),
        ("x = 'import a'", ["a.py"], []),
    ],
)
def test_python(line, there, found):
    assert first("python", f"import os\n{line}\n", "server/pkg/here.py", *there) == found


@pytest.mark.parametrize(
    ("line", "there", "found"),
    [
        ("import x from './x'", ["web/x.ts"], ["web/x.ts"]),
        ("import { y } from '../y.js';", ["y.ts"], ["y.ts"]),
        ("import { y } from '../y.js';", ["y.js", "y.ts"], ["y.js"]),
        ('export * from "./deep/z";', ["web/deep/z/index.tsx"], ["web/deep/z/index.tsx"]),
        ("const a = require('./a')", ["web/a.cjs"], ["web/a.cjs"]),
        ("const b = await import('./b.mjs')", ["web/b.mjs"], ["web/b.mjs"]),
        ("import './side'", ["web/side.js"], ["web/side.js"]),
        ("import V from '@/V.vue'", ["src/V.vue"], ["src/V.vue"]),
        ("import out from '../../out'", ["out.ts"], []),
        ("import css from './x.css'", ["web/x.css"], []),
        ("import react from 'react'", ["react.js", "web/react.js"], []),
    ],
)
def test_javascript_and_typescript(line, there, found):
    for language in ("javascript", "javascriptreact", "typescript", "typescriptreact", "vue", "svelte"):
        assert first(language, f"{line}\n", "web/here.ts", *there) == found


@pytest.mark.parametrize(
    ("language", "line", "name", "there", "found"),
    [
        ("ruby", "require_relative '../b'", "lib/a/x.rb", ["lib/b.rb"], ["lib/b.rb"]),
        ("ruby", 'require("a/y.rb")', "bin/x.rb", ["lib/a/y.rb"], ["lib/a/y.rb"]),
        ("rust", "mod part;", "src/lib.rs", ["src/part.rs"], ["src/part.rs"]),
        ("rust", "pub(crate) mod part;", "src/a.rs", ["src/a/part/mod.rs"], ["src/a/part/mod.rs"]),
        ("rust", "use crate::a::b::Thing;", "src/c/d.rs", ["src/a/b.rs"], ["src/a/b.rs"]),
        ("rust", "use crate::a::Thing;", "build.rs", ["src/a.rs"], ["src/a.rs"]),
        ("rust", "use super::near::Thing;", "src/c/d.rs", ["src/c/near.rs"], ["src/c/near.rs"]),
        ("rust", "use self::near::Thing;", "src/c/mod.rs", ["src/c/near.rs"], ["src/c/near.rs"]),
        ("rust", "use std::fs;", "src/lib.rs", ["src/std/fs.rs", "src/fs.rs"], []),
        ("c", '#include "x.h"', "src/a.c", ["src/x.h"], ["src/x.h"]),
        ("cpp", '#  include "net/x.hpp"', "src/a.cpp", ["include/net/x.hpp"], ["include/net/x.hpp"]),
        ("c", "#include <stdio.h>", "a.c", ["stdio.h"], []),
        (
            "java",
            "import com.acme.Foo;",
            "src/main/java/com/acme/app/A.java",
            ["src/main/java/com/acme/Foo.java"],
            ["src/main/java/com/acme/Foo.java"],
        ),
        ("java", "import static com.acme.Foo.bar;", "A.java", ["com/acme/Foo.java"], ["com/acme/Foo.java"]),
        ("kotlin", "import com.acme.Foo", "app/A.kt", ["app/com/acme/Foo.java"], ["app/com/acme/Foo.java"]),
        ("scala", "import com.acme.Foo", "A.sc", ["com/acme/Foo.scala"], ["com/acme/Foo.scala"]),
        ("haskell", "import A", "B.hs", ["A.hs"], []),
    ],
)
def test_other_languages(language, line, name, there, found):
    assert first(language, f"{line}\n", name, *there) == found


def test_a_file_that_is_imported_twice_is_looked_for_once():
    assert len(imports.wanted("javascript", "import './a'\nimport './a'\n", "b.js")) == 1


def test_a_text_that_imports_without_end_is_not_followed_without_end():
    text = "".join(f"import m{number}\n" for number in range(10_000))
    assert len(imports.wanted("python", text, "a.py")) == imports.MOST


@given(
    st.sampled_from(LANGUAGES),
    st.text("import from './\"@:;(),*\n\taA#usemod\0", max_size=120),
    st.sampled_from(["a.py", "a/b/c.ts", "src/a/mod.rs", "..", ""]),
)
def test_whatever_a_text_says_it_never_leads_out_of_the_folder(language, text, name):
    for one in imports.wanted(language, text, name):
        for path in one:
            assert path
            assert not path.startswith(("/", ".."))
            assert "/../" not in path
            assert "\0" not in path


STUFF = ["from a import (", "import " + " " * 200, "require( ", "use crate::a", '#include "', " \t", "import a, "]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_time_it_takes_grows_with_the_text_and_no_faster(language):
    for stuff in STUFF:
        few, many = (stuff * (size // len(stuff)) for size in (2_000, 32_000))
        assert seconds(language, many) < 100 * seconds(language, few) + 0.01  # sixteen times the text


def seconds(language, text):
    def once():
        started = time.process_time()
        imports.wanted(language, text, "a/b.py")
        return time.process_time() - started

    return min(once() for _ in range(3))
