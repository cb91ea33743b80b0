"""The function around a line, in the ways code is written."""

import pytest

from duo_lsp.chat import scope

PYTHON = """\
import os

A = (
    1,
)

@cache
def one(
    a,
    b,
):
    if a:
        return b

    return a


class Two:
    x = 1

    def three(self):
        def four():
            pass
        return four

    async def five(self): pass

print(one(1, 2))
"""
BRACES = """\
#include <stdio.h>

int main(int argc, char **argv)
{
    if (argc) {
        puts("x");
    }
    return 0;
}

static void other(void) {
    call(1,
         2);
}

int x = 1;
"""
SCRIPT = """\
export const add = (a, b) => {
  return a + b
}

const f = async function (a) {
  for (const x of a) {
    g(x)
  }
}

class A {
  method(x) {
    return x
  }
}
add(1, 2)
"""
RUST = "#[test]\npub fn works() -> bool {\n    true\n}\n\nimpl X for Y {\n    fn z(&self) {}\n}\n"
RUBY = "class A\n  def b\n    1\n  end\nend\n\nputs 1\n"
SHELL = "greet() {\n  echo hi\n}\ngreet\n"


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        (PYTHON, 0, None),
        (PYTHON, 3, None),
        (PYTHON, 6, (6, 14)),
        (PYTHON, 7, (6, 14)),
        (PYTHON, 8, (6, 14)),
        (PYTHON, 12, (6, 14)),
        (PYTHON, 13, (6, 14)),
        (PYTHON, 18, (17, 25)),
        (PYTHON, 20, (20, 23)),
        (PYTHON, 22, (21, 22)),
        (PYTHON, 23, (20, 23)),
        (PYTHON, 25, (25, 25)),
        (PYTHON, 27, None),
        (BRACES, 0, None),
        (BRACES, 2, (2, 8)),
        (BRACES, 5, (2, 8)),
        (BRACES, 8, (2, 8)),
        (BRACES, 12, (10, 13)),
        (BRACES, 15, None),
        (SCRIPT, 1, (0, 2)),
        (SCRIPT, 6, (4, 8)),
        (SCRIPT, 12, (11, 13)),
        (SCRIPT, 15, None),
        (RUST, 0, (0, 3)),
        (RUST, 2, (0, 3)),
        (RUST, 6, (6, 6)),
        (RUBY, 2, (1, 3)),
        (RUBY, 4, (0, 4)),
        (RUBY, 6, None),
        (SHELL, 1, (0, 2)),
        (SHELL, 3, None),
        ("", 0, None),
        ("x = 1", 9, None),
    ],
)
def test_the_function_around(text, line, found):
    assert scope.around(text.split("\n"), line) == found


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("x = 1\n\n\n  y", 2, None),
        ("def f():\n    x\n\n\n\n", 3, None),
        ("def f(a):" + " " * 400 + "\n    x", 1, (0, 1)),
        ("def f(" + "a, " * 400 + "):\n    x", 1, None),
        ("  stray\n)\n  x", 2, None),
        ("@cache", 0, None),
    ],
)
def test_odd_code(text, line, found):
    assert scope.around(text.split("\n"), line) == found


def test_no_text_has_no_function():
    assert scope.around([], 0) is None
