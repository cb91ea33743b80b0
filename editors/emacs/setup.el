;; GitLab Duo suggestions in Emacs 30: paste into init.el, whole or one half.

;; With lsp-mode 10: ghost text, beside the language's own server.
(when (require 'lsp-mode nil t)
  (require 'lsp-inline-completion)
  (lsp-register-client
   (make-lsp-client :new-connection (lsp-stdio-connection '("{command}"))
                    :activation-fn (lambda (&rest _) (derived-mode-p 'prog-mode))
                    :add-on? t ; runs beside the language's own server
                    :server-id 'duo-lsp))
  (setq lsp-inline-completion-enable t
        lsp-inline-completion-idle-delay 0.2) ; seconds of rest; lsp-mode's own default is 2
  (define-key lsp-inline-completion-active-map (kbd "TAB") #'lsp-inline-completion-accept)
  (add-hook 'prog-mode-hook #'lsp-deferred))

;; With eglot, which comes with Emacs: the first line as a preview, the whole in the menu.
;; Eglot runs one server in a buffer: in the modes named here duo-lsp takes the place of the language's own.
(unless (featurep 'lsp-mode)
  (require 'eglot)
  (add-to-list 'eglot-server-programs '((python-mode python-ts-mode) . ("{command}")))
  (add-hook 'python-base-mode-hook #'eglot-ensure)
  (add-hook 'eglot-managed-mode-hook #'completion-preview-mode)
  (setq completion-preview-minimum-symbol-length nil ; after a bracket or a blank too
        completion-preview-idle-delay 0.2))
