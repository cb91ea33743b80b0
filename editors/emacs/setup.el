;; GitLab Duo in Emacs 29 or newer: paste into init.el.
(use-package duo-lsp
  :load-path "{folder}"
  :hook (prog-mode . duo-lsp-mode) ; beside the servers of Eglot or lsp-mode, which stay as they are
  :commands (duo-lsp-ask duo-lsp-explain duo-lsp-doctor duo-lsp-login)
  :custom (duo-lsp-command '("{command}")))
