;;; duo-lsp-lsp-mode.el --- Through lsp-mode's connection -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT

;;; Commentary:

;; Part of duo-lsp.  Registers the server with lsp-mode as an add-on, so that it
;; runs beside the language's own server and its code actions stand among the
;; others.  lsp-mode is not needed for anything else in this package.

;;; Code:

(require 'duo-lsp-server)

(declare-function duo-lsp-mode "duo-lsp")
(declare-function lsp--buffer-uri "ext:lsp-mode")
(declare-function lsp--client-server-id "ext:lsp-mode")
(declare-function lsp--flush-delayed-changes "ext:lsp-mode")
(declare-function lsp--workspace-client "ext:lsp-mode")
(declare-function lsp--workspace-status "ext:lsp-mode")
(declare-function lsp-inline-completion-mode "ext:lsp-inline-completion")
(declare-function lsp-notify "ext:lsp-mode")
(declare-function lsp-register-client "ext:lsp-mode")
(declare-function lsp-request-async "ext:lsp-mode")
(declare-function lsp-stdio-connection "ext:lsp-mode")
(declare-function lsp-workspaces "ext:lsp-mode")
(declare-function make-lsp-client "ext:lsp-mode")
(defvar lsp--cur-workspace)
(defvar lsp-inline-completion-enable)

;;;###autoload
(defun duo-lsp-lsp-mode-register ()
  "Have lsp-mode run the server beside those of the languages."
  (unless (require 'lsp-mode nil t)
    (user-error "There is no lsp-mode here; `duo-lsp-mode' needs none"))
  (lsp-register-client
   (make-lsp-client :new-connection (lsp-stdio-connection (lambda () duo-lsp-command))
                    :activation-fn (lambda (&rest _) (derived-mode-p 'prog-mode))
                    :add-on? t
                    :server-id 'duo-lsp
                    :initialization-options (lambda () duo-lsp-settings)
                    :custom-capabilities '((experimental . ((duoStatus . t) (duoChat . t))))
                    :notification-handlers (duo-lsp-lsp-mode--handlers)))
  (add-hook 'lsp-after-open-hook #'duo-lsp-lsp-mode--opened)
  (add-hook 'duo-lsp-channel-functions #'duo-lsp-lsp-mode--channel))

(defun duo-lsp-lsp-mode--handlers ()
  "Who listens to the server's own notifications."
  (let ((handlers (make-hash-table :test #'equal)))
    (dolist (method '(duo/status duo/chat/chunk) handlers)
      (puthash (symbol-name method)
               (lambda (_workspace params) (duo-lsp-channel-heard method (duo-lsp-lsp-mode--plain params)))
               handlers))))

(defun duo-lsp-lsp-mode--workspace ()
  "The workspace of our server in this buffer, or nil."
  (and (bound-and-true-p lsp-mode)
       (cl-find-if (lambda (workspace)
                     (and (eq (lsp--client-server-id (lsp--workspace-client workspace)) 'duo-lsp)
                          (eq (lsp--workspace-status workspace) 'initialized)))
                   (lsp-workspaces))))

(defun duo-lsp-lsp-mode--channel ()
  "The symbol `lsp-mode' for its connection, or nil.
Where it is about to be made, `wait'."
  (cond ((duo-lsp-lsp-mode--workspace) 'lsp-mode)
        ((or (bound-and-true-p lsp-mode) (bound-and-true-p lsp--buffer-deferred)) 'wait)))

(defun duo-lsp-lsp-mode--opened ()
  "Show our ghost text where lsp-mode has our server in this buffer."
  (when (duo-lsp-lsp-mode--workspace)
    (setq-local lsp-inline-completion-enable nil) ; else the same suggestion would show twice
    (duo-lsp-server-close)
    (duo-lsp-mode 1)))

(cl-defmethod duo-lsp-channel-flush ((_channel (eql lsp-mode)))
  "Have lsp-mode send what has changed."
  (when (bound-and-true-p lsp-inline-completion-mode)
    (lsp-inline-completion-mode -1))
  (lsp--flush-delayed-changes)
  (lsp--buffer-uri))

(cl-defmethod duo-lsp-channel-send ((_channel (eql lsp-mode)) method params then &optional failed)
  "Send METHOD with PARAMS through lsp-mode; THEN and FAILED as ever."
  (let ((lsp--cur-workspace (duo-lsp-lsp-mode--workspace)))
    (lsp-request-async (substring (symbol-name method) 1) params
                       (lambda (result) (funcall then (duo-lsp-lsp-mode--plain result)))
                       :mode 'detached
                       :error-handler (lambda (problem)
                                        (when failed
                                          (funcall failed (plist-get (duo-lsp-lsp-mode--plain problem) :message)))))))

(cl-defmethod duo-lsp-channel-tell ((_channel (eql lsp-mode)) method params)
  "Tell our server METHOD with PARAMS over lsp-mode's connection."
  (let ((lsp--cur-workspace (duo-lsp-lsp-mode--workspace)))
    (lsp-notify (substring (symbol-name method) 1) params)))

(defun duo-lsp-lsp-mode--plain (value)
  "VALUE with property lists in the place of hash tables."
  (cond ((hash-table-p value)
         (let (plain)
           (maphash (lambda (key item)
                      (push (intern (concat ":" key)) plain)
                      (push (duo-lsp-lsp-mode--plain item) plain))
                    value)
           (nreverse plain)))
        ((vectorp value) (vconcat (mapcar #'duo-lsp-lsp-mode--plain value)))
        (t value)))

(provide 'duo-lsp-lsp-mode)
;;; duo-lsp-lsp-mode.el ends here
