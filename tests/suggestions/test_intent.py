"""What is asked for: to finish a line, or to write something new."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawn import between, here
from duo_lsp import languages, wire
from duo_lsp.suggestions import intent
from duo_lsp.suggestions.intent import Intent

COMPLETION = ("completion", None)
COMMENT = ("generation", "comment")
SMALL = ("generation", "small_file")
EMPTY = ("generation", "empty_function")

LONG = "".join(f"value_{n} = {n}\n" for n in range(20))
AFTER = "\n" + "".join(f"other_{n} = {n}\n" for n in range(10))


def kind(drawing, language_id="python"):
    found = intent.detect(here(drawing, language_id))
    return found.intent, found.generation_type


@pytest.mark.parametrize(
    ("drawing", "expected"),
    [
        ("# Create a function that says hello world.\n█", COMMENT),
        ("# Create a function that says hello world.█", COMPLETION),
        (LONG + "#\n█", COMPLETION),
        (LONG + "# fix\n█", COMMENT),
        ("a = 1\nb = 2\nc = 3\nd = 4\n█", SMALL),
        (LONG + "def f(a):\n    █", EMPTY),
        (LONG + "x = fo█", COMPLETION),
    ],
)
def test_the_vectors_of_gitlabs_own_server(drawing, expected):
    assert kind(drawing) == expected


LANGUAGES: dict[str, tuple[str, str, str]] = {
    "c": ("// {}", "int sum(int a, int b) {", "}"),
    "cpp": ("// {}", "int Sum::of(int a) const {", "}"),
    "csharp": ("// {}", "public async Task<int> Sum(int a) {", "}"),
    "go": ("// {}", "func (s *Server) Sum(a int) (int, error) {", "}"),
    "haml": ("-# {}", "", ""),
    "handlebars": ("{{{{!-- {} --}}}}", "", ""),
    "java": ("// {}", "public int sum(int a) throws IOException {", "}"),
    "javascript": ("// {}", "export const sum = async (a) => {", "}"),
    "javascriptreact": ("// {}", "function App({ name }) {", "}"),
    "kotlin": ("// {}", "fun sum(a: Int): Map<String, Int> {", "}"),
    "python": ("# {}", "async def total(a: int) -> dict[str, int]:", ""),
    "php": ("// {}", "public function sum(int $a): ?int {", "}"),
    "ruby": ("# {}", "def total(a, b = 1)", "end"),
    "rust": ("// {}", "pub fn sum<'a>(a: &'a str) -> Result<(), Box<dyn Error>> {", "}"),
    "scala": ("// {}", "def sum(a: Int): Int = {", "}"),
    "shellscript": ("# {}", "total() {", "}"),
    "sql": ("-- {}", "", ""),
    "swift": ("// {}", "func sum(_ a: Int) throws -> [String: Int] {", "}"),
    "typescript": ("// {}", "private sum<T>(a: T[]): Promise<void> {", "}"),
    "typescriptreact": ("// {}", "const App: React.FC<Props> = ({ name }) => {", "}"),
    "svelte": ("// {}", "function sum(a) {", "}"),
    "terraform": ("# {}", "", ""),
    "terragrunt": ("# {}", "", ""),
    "vue": ("// {}", "function sum(a) {", "}"),
}


@pytest.mark.parametrize("language_id", LANGUAGES)
def test_a_comment_asks_for_code_in_every_language_gitlab_turns_on(language_id):
    mark, _, _ = LANGUAGES[language_id]
    comment = mark.format("Sum up all the numbers")
    found = intent.detect(here(f"{LONG}\n{comment}\n█\n{LONG}", language_id))
    assert found == Intent("generation", "comment", comment)


@pytest.mark.parametrize("language_id", [name for name, (_, header, _) in LANGUAGES.items() if header])
@pytest.mark.parametrize("body", ["\n    █\n{}\n", "\n█\n{}\n", "\n\n    █\n\n{}\n", "\n    █"])
def test_a_function_without_a_body_asks_for_one_in_every_language_that_has_functions(language_id, body):
    _, header, end = LANGUAGES[language_id]
    assert kind(LONG + header + body.format(end), language_id) == EMPTY


@pytest.mark.parametrize("language_id", [name for name, (_, header, _) in LANGUAGES.items() if header])
def test_a_function_with_a_body_asks_for_none(language_id):
    _, header, end = LANGUAGES[language_id]
    assert kind(f"{LONG}{header}\n    █\n    return_it(1)\n{end}\n", language_id) == COMPLETION
    assert kind(f"{LONG}{header}\n    first(1)\n    █\n{end}\n", language_id) == COMPLETION


@pytest.mark.parametrize(
    ("language_id", "above", "below"),
    [
        ("javascript", "function f() {", "}"),
        ("javascript", "function f() { ", " }"),
        ("javascript", "it('works', () => {\n  ", "\n});"),
        ("javascript", "class A extends B {\n", "\n}"),
        ("javascript", "return function () {\n", "\n};"),
        ("csharp", "public int F(int a)\n{\n    ", "\n}"),
        ("csharp", "public A(int a)\n    : base(a)\n{\n    ", "\n}"),
        ("php", "class A implements B\n{\n    public function f(): int\n    {\n        ", "\n    }\n}"),
        ("java", "  void f(\n      int a,\n      int b) {\n    ", "\n  }"),
        ("java", "List<A> x = new ArrayList<>() {\n", "\n};"),
        ("rust", "    .map(|x| {\n", "\n    })"),
        ("rust", "impl Display for A {\n", "\n}"),
        ("go", "go func() {\n\t", "\n}()"),
        ("go", "func f() {\n\t", "\n\nfunc g() {\n\t"),
        ("kotlin", "class A(val x: Int) : B(x) {\n", "\n}"),
        ("swift", "    init() {\n", "\n    }"),
        ("scala", "object Main extends App {\n", "\n}"),
        ("shellscript", "function build {\n  ", "\n}"),
        ("ruby", "class A < B\n  ", "\nend"),
        ("ruby", "items.each do |item|\n  ", "\nend"),
        ("ruby", "items.map { |item|\n  ", "\n}"),
        ("ruby", "  def a\n    ", "\n\n  def b\n    1\n  end\n"),
        ("python", "def f(\n    a: int,\n) -> int:\n    ", ""),
        ("python", "@app.get('/')\nasync def f():\n    ", "\n\n\ndef g():\n    pass\n"),
        ("python", "class A(B):\n    ", ""),
        ("python", "def f():  ", ""),
        ("python", "def f():\n    pass", ""),
        ("python", "def f():\n    ", "pass"),
        ("python", "def f():\n    ...", "\n\nx = 1"),
        ("python", "def f(): ...", "\n"),
        ("python", "    def f(self):\n        ", "\n    # the next one\n    def g(self):\n"),
    ],
)
def test_these_bodies_are_empty(language_id, above, below):
    assert kind(f"{LONG}{above}█{below}", language_id) == EMPTY


@pytest.mark.parametrize(
    ("language_id", "above", "below"),
    [
        ("javascript", "if (x) {\n  ", "\n}"),
        ("javascript", "} else if (x) {\n  ", "\n}"),
        ("javascript", "for (const a of f()) {\n", "\n}"),
        ("javascript", "if (\n  a(b) &&\n  c\n) {\n  ", "\n}"),
        ("javascript", "const x = {\n  ", "\n}"),
        ("javascript", "function f() {\n  ", "return 1\n}"),
        ("javascript", "function f() {\n  g()", "\n}"),
        ("go", "if err := f(); err != nil {\n", "\n}"),
        ("rust", "let y = match f(x) {\n", "\n}"),
        ("rust", "fn f() {\n", "\n    1\n}"),
        ("csharp", "foreach (var a in b)\n{\n", "\n}"),
        ("php", "foreach (f($a) as $b) {\n", "\n}"),
        ("kotlin", "val y = when (x) {\n", "\n}"),
        ("ruby", "def square(x) = x * x\n", ""),
        ("ruby", "while x do\n", "\nend"),
        ("ruby", "def a; 1; end\n", ""),
        ("python", "if x:\n    ", ""),
        ("python", "def f():\n    ", "return 1"),
        ("python", "def f():\n    ", "\n    return 1"),
        ("python", "class E(Exception): ...\n", ""),
        ("python", "@decorator\n", ""),
        ("python", "de", "f f(): ..."),
        ("json", "{", "}"),
        ("", "function f() {", "}"),
    ],
)
def test_these_are_no_empty_bodies(language_id, above, below):
    assert kind(f"{LONG}{above}█{below}", language_id) == COMPLETION


@pytest.mark.parametrize(
    ("language_id", "above", "instruction"),
    [
        ("python", "# Sum up\n# all numbers\n", "# Sum up\n# all numbers"),
        ("python", "# Sum up\n\n\n    ", "# Sum up"),
        ("python", "# Not this\n\n# Sum up\n", "# Sum up"),
        ("python", "x = 1  # not this\n# Sum up\n", "# Sum up"),
        ("python", "    # Sum\r\n    # up\r\n    ", "# Sum\n# up"),
        ("python", "#!/usr/bin/env python3\n# Sum up\n", "# Sum up"),
        ("python", "# Sum up\n# noqa: E501\n", "# Sum up"),
        ("python", 'def f():\n    """Return the sum."""\n    ', '"""Return the sum."""'),
        ("python", '"""What this\n\nis about."""\n', '"""What this\n\nis about."""'),
        ("python", 'r"""Raw \\d"""\n', '"""Raw \\d"""'),
        ("python", 'x = "it\'s"\n# Sum up\n', "# Sum up"),
        ("javascript", "/**\n * Adds two numbers.\n */\n", "/**\n* Adds two numbers.\n*/"),
        ("javascript", "  /* Adds two numbers */\n  ", "/* Adds two numbers */"),
        ("javascript", "const a = 'http://x';\n// Add\n", "// Add"),
        ("javascript", "const a = `\n// no\n`;\n// Add\n", "// Add"),
        ("go", "// Add adds.\n", "// Add adds."),
        ("rust", "fn f<'a>(x: &'a str) {} \n/// Adds.\n", "/// Adds."),
        ("html", "<p>don't</p>\n<!-- a table -->\n", "<!-- a table -->"),
        ("ruby", "=begin\nSum up\n=end\n", "=begin\nSum up\n=end"),
        ("lua", "--[[ sum\nup ]]\n", "--[[ sum\nup ]]"),
        ("sql", "-- all users\n", "-- all users"),
        ("haskell", "f' x = 1\n-- all users\n", "-- all users"),
        ("php", "# all users\n", "# all users"),
        ("ocaml", "(* all users *)\n", "(* all users *)"),
        ("", "# all users\n", "# all users"),
    ],
)
def test_the_comment_above_is_the_instruction(language_id, above, instruction):
    drawn = LONG if language_id != "ruby" or "=begin" not in above else "a = 1\n" * 9
    shebang = above.startswith("#!")
    found = intent.detect(between(above if shebang else drawn + above, AFTER, language_id))
    assert found == Intent("generation", "comment", instruction)


@pytest.mark.parametrize(
    ("language_id", "above", "below"),
    [
        ("python", "x = 1  # a note on this line\n", ""),
        ("python", 'x = """\nselect everything\n"""\n', ""),
        ("python", 'f(\n    """\nselect everything\n"""\n', ")"),
        ("python", "# Sum up\n@decorator\n", ""),
        ("python", "# Sum up\n", "def total(): pass"),
        ("python", "# type: ignore\n", ""),
        ("python", '"""Not finished', ""),
        ("python", 'x = """not finished\n', ""),
        ("python", 'x = "# no comment"\n', ""),
        ("python", "x = f(", ")  # a note"),
        ("javascript", "/* not finished\n", ""),
        ("javascript", "x(); /* finished */ ", ""),
        ("javascript", 'const url = "http://example.com/path"\n', ""),
        ("javascript", "const url = http://example.com/path\n", ""),
        ("javascript", "/* eslint-disable no-alert */\n", ""),
        ("c", "#include <stdio.h>\n", ""),
        ("php", "#[Attribute]\n", ""),
        ("shellscript", "echo ${#words}\n", ""),
        ("shellscript", "echo a#b\n", ""),
        ("css", "a { background: url(//example.com/a.png) }\n", ""),
        ("markdown", "# A heading\n", ""),
        ("latex", "50\\% of this\n", ""),
        ("python", "# Copyright (c) 2026 Somebody\n# Licensed under the MIT licence\n", ""),
        ("java", "/*\n * SPDX-License-Identifier: MIT\n */\n", ""),
        ("python", "# -*- coding: utf-8 -*-\n", ""),
    ],
)
def test_nothing_here_is_an_instruction(language_id, above, below):
    found = intent.detect(between(LONG + above, below + AFTER, language_id))
    assert found == intent.COMPLETION


def test_a_shebang_begins_a_small_file():
    assert kind("#!/bin/sh\n█", "shellscript") == SMALL


def test_a_licence_is_not_counted_as_code():
    assert kind("/* Copyright 2026 Somebody\n" + " * words\n" * 30 + " */\n\nint a;\n█", "c") == SMALL


def test_the_top_of_a_file_is_no_body():
    assert kind("█\n" + LONG) == COMPLETION


@pytest.mark.parametrize("drawing", ["█", "\n\n█", "a█\n", "a = 1\n█\n# note\nb = 2\n", "x = 1\r\n█\r\n"])
def test_a_file_that_has_hardly_begun_is_small(drawing):
    assert kind(drawing) == SMALL


def test_five_lines_of_code_are_no_small_file():
    assert kind("a = 1\nb = 2\n█\nc = 3\nd = 4\ne = 5\n") == COMPLETION


def test_a_minified_file_is_not_small_however_few_its_lines():
    assert kind("f();" * 1000 + "█", "javascript") == COMPLETION


def test_a_window_that_begins_inside_a_docstring_is_read_the_right_way_round():
    docstring = '"""Begins far above.\n' + "words and words\n" * 3000 + '"""\n'
    code = "def f():\n    return 1\n\n" * 5
    assert kind(docstring + code + '"""A module docstring?"""\nx = fo█') == COMPLETION
    assert kind(docstring + code + "# Sum up\n█") == COMMENT


@pytest.mark.parametrize(
    "above",
    [
        'x = """\n' + "text\n" * 4_000 + '"""\n\ndef f():\n    return 1\n',
        "# a licence\n" * 2_000 + "\n\n",
        "x = 1\n" * 4_000,
    ],
)
def test_only_what_is_near_is_read_and_a_large_file_is_never_small(above):
    assert kind(above + "value = █") == COMPLETION
    assert kind(above + "\n\nz = 1\n# Add two numbers.\n█") == COMMENT
    assert kind(above + "\n\ndef total(a, b):\n    █") == EMPTY


def test_what_is_decided_goes_into_the_request():
    request = wire.SuggestionRequest(wire.CurrentFile("a.py", "", ""))
    body = Intent("generation", "comment", "# x").applied_to(request).body()
    assert (body["intent"], body["generation_type"], body["user_instruction"]) == ("generation", "comment", "# x")


def test_an_instruction_has_no_half_characters():
    assert intent.detect(here("# say \ud83d please\n█")).user_instruction == "# say \ufffd please"


PIECES = ["a", "  ", "\n", "\r\n", '"', "'", '"""', "'''", "#", "//", "/*", "*/", "--", "{", "}", "(", ")", ":", "\\"]
PIECES += ["`", "def f():", "=begin", "=end", "<!--", "-->", "pass", "%", ";", "end", "é", "\ud83d"]
code = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@settings(max_examples=300, deadline=None)
@given(code, code, st.sampled_from(sorted({"", *languages.BY_ID})))
def test_any_text_has_an_intent_and_never_an_open_one(above, below, language_id):
    found = intent.detect(between(above.removesuffix("\r"), below, language_id))
    assert found.intent in wire.INTENTS
    assert (found.generation_type is None) == (found.intent == "completion")
    assert (found.user_instruction is None) == (found.generation_type != "comment")
