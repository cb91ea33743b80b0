"""Emacs 30 with lsp-mode 10 and without our package: what its README says, and a real server."""

from __future__ import annotations

import json
import subprocess

import pytest

from editors.emacs import from_readme
from editors.neovim import EDITORS, REQUIRED
from editors.sums import OPENING
from gitlab_server import GitLabServer

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("lsp-mode"), pytest.mark.timeout(180)]

BEFORE = """
;; what a packaged lsp-mode loads by itself, and answers to its questions
(dolist (part '(lsp-mode lsp-lens lsp-modeline lsp-headerline lsp-diagnostics lsp-completion lsp-semantic-tokens))
  (require part))
(setq lsp-auto-guess-root t lsp-enable-suggest-server-download nil lsp-warn-no-matched-clients nil
      lsp-enable-snippet nil make-backup-files nil create-lockfiles nil)
"""
AFTER = """
(defun until (condition)
  (let ((deadline (+ (float-time) 20)))
    (while (and (not (funcall condition)) (< (float-time) deadline)) (accept-process-output nil 0.02))))
(find-file (getenv "FILE"))
(lsp)
(defun ready (workspace) (eq (lsp--workspace-status workspace) 'initialized))
(until (lambda () (and (lsp-workspaces) (seq-every-p #'ready (lsp-workspaces)))))
(goto-char (point-max))
(insert (getenv "TYPED"))
(lsp-inline-completion-display)
(let ((ghost (and (overlayp lsp-inline-completion--overlay)
                  (substring-no-properties (overlay-get lsp-inline-completion--overlay 'after-string)))))
  (call-interactively (lookup-key lsp-inline-completion-active-map (kbd "TAB")))
  (princ (concat "\\nRESULT " (json-encode (list :ghost ghost :buffer (buffer-string) :point (point))) "\\n")))
"""


@pytest.fixture
def emacs() -> str:
    program = EDITORS / "bin/emacs"
    if not program.exists():
        (pytest.fail if REQUIRED else pytest.skip)("no Emacs with lsp-mode found; ./scripts/editors installs one")
    return str(program)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_lsp_mode_shows_a_suggestion_and_tab_takes_it(
    emacs, tmp_path, environment, gitlab_server: GitLabServer, line_end
):
    project = tmp_path / "project"
    subprocess.run(["git", "init", "--quiet", str(project)], check=True)
    (project / "sums.py").write_bytes(OPENING.replace("\n", line_end).encode())
    gitlab_server.answer = "urn ['é😀',\n\n            print(add(1, 2))]"
    (tmp_path / "run.el").write_text(BEFORE + from_readme("lsp-mode") + AFTER)
    more = {
        "FILE": str(project / "sums.py"),
        "TYPED": "    ret",
        "GITLAB_URL": gitlab_server.url,
        "DUO_LSP_TOKEN": "glpat-of-the-test",
    }
    done = subprocess.run(
        [emacs, "--batch", "-Q", "-l", str(tmp_path / "run.el")],
        env={**environment, **more},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "RESULT" in done.stdout, done.stderr
    result = json.loads(done.stdout.partition("RESULT ")[2])
    assert result["ghost"] == "urn ['é😀',\n\n            print(add(1, 2))]"
    assert result["buffer"] == OPENING + "    return ['é😀',\n\n            print(add(1, 2))]"
    assert gitlab_server.suggestions[0].json["current_file"]["file_name"] == "sums.py"
    assert gitlab_server.suggestions[0].above.endswith("    ret")
