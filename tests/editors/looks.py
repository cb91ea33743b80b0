"""What makes editors look alike in pictures: the colours of VS Code's Dark+, which Helix has as a theme of its own."""

from __future__ import annotations

from typing import Final

NEOVIM: Final = """
set termguicolors background=dark number noshowmode noruler noshowcmd laststatus=2 signcolumn=no shortmess+=F
set fillchars=eob:\\ ,vert:│ scrolloff=99 linebreak
highlight Normal guifg=#d4d4d4 guibg=#1e1e1e
highlight LineNr guifg=#858585
highlight WinSeparator guifg=#3c3c3c
highlight StatusLine guifg=#ffffff guibg=#007acc gui=none
highlight StatusLineNC guifg=#cccccc guibg=#303031 gui=none
highlight ComplHint guifg=#808080
highlight ComplHintMore guifg=#808080
highlight Comment guifg=#6a9955
highlight String guifg=#ce9178
highlight Number guifg=#b5cea8
highlight Statement guifg=#c586c0 gui=none
highlight Conditional guifg=#c586c0 gui=none
highlight PreProc guifg=#c586c0
highlight Identifier guifg=#9cdcfe
highlight Function guifg=#dcdcaa
highlight Type guifg=#4ec9b0 gui=none
highlight Operator guifg=#d4d4d4
highlight Special guifg=#d7ba7d
highlight Title guifg=#569cd6 gui=bold
highlight @markup.heading guifg=#569cd6 gui=bold
highlight @markup.raw guifg=#ce9178
highlight @markup.quote guifg=#9a9a9a
highlight @markup.link guifg=#3794ff gui=none
highlight @markup.link.label guifg=#3794ff gui=none
highlight @markup.link.url guifg=#808080 gui=none
"""
EMACS: Final = """
(progn
  (menu-bar-mode -1)
  (global-display-line-numbers-mode)
  (setq-default mode-line-format
                '(" %b  " mode-name (:eval (when (bound-and-true-p duo-lsp-mode) (list " " (duo-lsp--lighter))))))
  (when (bound-and-true-p flymake-mode) (flymake-mode -1))
  (message nil)
  (dolist (face '((default :foreground "#d4d4d4" :background "#1e1e1e")
                  (line-number :foreground "#858585")
                  (line-number-current-line :foreground "#c6c6c6")
                  (vertical-border :foreground "#3c3c3c")
                  (shadow :foreground "#808080")
                  (mode-line :foreground "#ffffff" :background "#007acc" :box nil)
                  (mode-line-inactive :foreground "#cccccc" :background "#303031" :box nil)
                  (font-lock-comment-face :foreground "#6a9955")
                  (font-lock-doc-face :foreground "#ce9178")
                  (font-lock-string-face :foreground "#ce9178")
                  (font-lock-number-face :foreground "#b5cea8")
                  (font-lock-keyword-face :foreground "#c586c0")
                  (font-lock-builtin-face :foreground "#dcdcaa")
                  (font-lock-function-name-face :foreground "#dcdcaa")
                  (font-lock-variable-name-face :foreground "#9cdcfe")
                  (font-lock-type-face :foreground "#4ec9b0")
                  (font-lock-constant-face :foreground "#4fc1ff")
                  (region :background "#264f78")))
    (when (facep (car face)) (apply #'set-face-attribute (car face) nil (cdr face))))
  t)
"""
VSCODE: Final = {
    "window.autoDetectColorScheme": False,
    "workbench.colorTheme": "Default Dark+",
    "workbench.activityBar.location": "hidden",
    "window.commandCenter": False,
    "workbench.layoutControl.enabled": False,
    "breadcrumbs.enabled": False,
    "editor.fontFamily": "DejaVu Sans Mono",
    "editor.lightbulb.enabled": "off",
    "editor.renderWhitespace": "none",
    "editor.renderLineHighlight": "none",
    "editor.overviewRulerBorder": False,
    "editor.hideCursorInOverviewRuler": True,
    "editor.scrollbar.vertical": "hidden",
}
DRESS_VSCODE: Final = """
for (const [name, value] of Object.entries(args[0])) {
  await vscode.workspace.getConfiguration().update(name, value, true);
}
await vscode.commands.executeCommand('workbench.action.closeSidebar');
await vscode.commands.executeCommand('notifications.clearAll');
"""
