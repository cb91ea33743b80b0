;; GitLab Duo suggestions in Emacs with lsp-mode 10: paste into init.el.
(require 'lsp-mode)
(require 'lsp-inline-completion)
(lsp-register-client
 (make-lsp-client :new-connection (lsp-stdio-connection '("{command}"))
                  :activation-fn (lambda (&rest _) (derived-mode-p 'prog-mode))
                  :add-on? t ; runs beside the language's own server
                  :server-id 'duo-lsp))
(setq lsp-inline-completion-enable t
      lsp-inline-completion-idle-delay 0.2) ; seconds of rest; lsp-mode's own default is 2
(define-key lsp-inline-completion-active-map (kbd "TAB") #'lsp-inline-completion-accept)
(add-hook 'prog-mode-hook #'lsp-deferred)
