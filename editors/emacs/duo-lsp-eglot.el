;;; duo-lsp-eglot.el --- Through Eglot's connection -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT

;;; Commentary:

;; Part of duo-lsp.  For modes without a language server of their own: Eglot
;; runs one server in a buffer, and here it is this one.  It shows the same
;; ghost text, over Eglot's connection.

;;; Code:

(require 'eglot)
(require 'duo-lsp-server)

(declare-function duo-lsp-mode "duo-lsp")
(declare-function eglot--signal-textDocument/didChange "eglot")
(declare-function eglot--TextDocumentIdentifier "eglot")

(defclass duo-lsp-eglot-server (eglot-lsp-server) ()
  :documentation "The server as Eglot runs it.")

(defvar duo-lsp-eglot--modes nil
  "The modes in which Eglot runs the server.")

;;;###autoload
(defun duo-lsp-eglot-register (modes)
  "Have Eglot run the server in MODES, in the place of the language's own.
Most people want `duo-lsp-mode' instead, which leaves the language's server
where it is."
  (let ((modes (ensure-list modes)))
    (setq duo-lsp-eglot--modes (append modes duo-lsp-eglot--modes))
    (push (cons modes (cons 'duo-lsp-eglot-server duo-lsp-command)) eglot-server-programs)
    (add-hook 'eglot-managed-mode-hook #'duo-lsp-eglot--managed)
    (add-hook 'duo-lsp-channel-functions #'duo-lsp-eglot--channel)))

(defun duo-lsp-eglot--server ()
  "The server of this buffer, if it is ours."
  (let ((server (eglot-current-server)))
    (and (cl-typep server 'duo-lsp-eglot-server) server)))

(defun duo-lsp-eglot--channel ()
  "Eglot's connection to our server, `wait' where it is about to be made, else nil."
  (or (duo-lsp-eglot--server)
      (and (apply #'derived-mode-p duo-lsp-eglot--modes) 'wait)))

(defun duo-lsp-eglot--managed ()
  "Show ghost text in a buffer that Eglot has our server in."
  (when (and (eglot-managed-p) (duo-lsp-eglot--server))
    (duo-lsp-server-close)
    (duo-lsp-mode 1)))

(cl-defmethod duo-lsp-channel-flush ((_server duo-lsp-eglot-server))
  "Have Eglot send what has changed, which it would do half a second later."
  (when (fboundp 'eglot--signal-textDocument/didChange)
    (eglot--signal-textDocument/didChange))
  (if (fboundp 'eglot--TextDocumentIdentifier)
      (plist-get (eglot--TextDocumentIdentifier) :uri)
    (duo-lsp-document-uri)))

(cl-defmethod eglot-client-capabilities ((_server duo-lsp-eglot-server))
  "What Eglot can, and what we can beside it."
  (let* ((all (copy-sequence (cl-call-next-method)))
         (documents (append (plist-get all :textDocument) '(:inlineCompletion (:dynamicRegistration :json-false))))
         (general (plist-put (copy-sequence (plist-get all :general)) :positionEncodings ["utf-32"])))
    (setq all (plist-put all :textDocument documents)
          all (plist-put all :general general))
    (plist-put all :experimental duo-lsp-channel-capabilities)))

(cl-defmethod eglot-initialization-options ((_server duo-lsp-eglot-server))
  "The server's settings."
  (or duo-lsp-settings (make-hash-table)))

(cl-defmethod eglot-handle-notification ((_server duo-lsp-eglot-server) (_method (eql duo/status)) &rest params)
  "Show the state that PARAMS tell."
  (duo-lsp-channel-heard 'duo/status params))

(cl-defmethod eglot-handle-notification ((_server duo-lsp-eglot-server) (_method (eql duo/chat/chunk)) &rest params)
  "Write the piece of an answer that PARAMS tell."
  (duo-lsp-channel-heard 'duo/chat/chunk params))

(cl-defmethod eglot-handle-notification :after
  ((_server duo-lsp-eglot-server) (_method (eql $/progress)) &rest params)
  "Remember how to stop the answer that PARAMS tell about."
  (duo-lsp-channel-heard '$/progress params))

(provide 'duo-lsp-eglot)
;;; duo-lsp-eglot.el ends here
