;;; duo-lsp-channel.el --- The way from a buffer to its server -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT

;;; Commentary:

;; Part of duo-lsp.  A channel is the way to the server that serves a buffer:
;; our own connection, Eglot's, or that of lsp-mode.  Everything above knows
;; these few functions only.

;;; Code:

(require 'cl-lib)
(require 'jsonrpc)
(require 'duo-lsp-document)

(defcustom duo-lsp-settings nil
  "Settings of the server as a property list, such as (:upstream \"local\").
They are the ones in the README's table; false is `:json-false', a list is a
vector.  A token has a better place: run `duo-lsp-login'."
  :type 'plist
  :group 'duo-lsp)

(defconst duo-lsp-channel-capabilities '(:duoStatus t :duoChat t)
  "What we can beyond the protocol: follow the state, and answers as they come.")

(defvar duo-lsp-channel-functions nil
  "Functions that say which channel the current buffer has.
Each returns a channel, the symbol `wait' while one is being made, or nil for
a buffer it knows nothing about.  The first that is not nil counts.")

(defvar duo-lsp-channel-heard-functions nil
  "Functions called with the method and parameters of every notification.")

(defvar duo-lsp-channel-status nil
  "The state that a server told last, as a property list.")

(cl-defgeneric duo-lsp-channel-send (channel method params then &optional failed)
  "Ask the server at CHANNEL for METHOD, a keyword, with PARAMS.
THEN is called with the result, FAILED with a sentence when there is none.")

(cl-defgeneric duo-lsp-channel-tell (channel method params)
  "Tell the server at CHANNEL about METHOD, a keyword, with PARAMS.")

(cl-defgeneric duo-lsp-channel-flush (channel)
  "Make sure that the server at CHANNEL has the text of the current buffer.
Return the buffer's URI, or nil when it does not have it.")

(cl-defmethod duo-lsp-channel-send ((channel jsonrpc-connection) method params then &optional failed)
  "Send METHOD with PARAMS over CHANNEL; THEN and FAILED as ever."
  (jsonrpc-async-request
   channel method params
   :success-fn then
   :error-fn (lambda (problem) (when failed (funcall failed (plist-get problem :message))))
   :timeout-fn (lambda () (when failed (funcall failed "No answer came in time.")))
   :timeout 180))

(cl-defmethod duo-lsp-channel-tell ((channel jsonrpc-connection) method params)
  "Tell CHANNEL about METHOD with PARAMS."
  (jsonrpc-notify channel method params))

(defun duo-lsp-channel ()
  "The way to the server that serves this buffer, or nil while there is none."
  (let ((found (run-hook-with-args-until-success 'duo-lsp-channel-functions)))
    (unless (eq found 'wait) found)))

(defun duo-lsp-channel-or-lose ()
  "The way to the server, or an error with a remedy."
  (or (duo-lsp-channel)
      (user-error "No duo-lsp serves this buffer yet: turn on `duo-lsp-mode' in a file, or wait a moment")))

(defun duo-lsp-channel-command (channel command argument &optional then failed)
  "Have the server at CHANNEL run COMMAND with ARGUMENT, or none if nil.
THEN is called with the result, FAILED with a sentence."
  (duo-lsp-channel-send channel :workspace/executeCommand
                        (list :command command :arguments (if argument (vector argument) []))
                        (or then #'ignore)
                        (or failed (lambda (problem) (message "Duo: %s" problem)))))

(defun duo-lsp-channel-heard (method params)
  "A server has told METHOD, a symbol, with PARAMS."
  (when (eq method 'duo/status)
    (setq duo-lsp-channel-status params)
    (force-mode-line-update t))
  (run-hook-with-args 'duo-lsp-channel-heard-functions method params))

(provide 'duo-lsp-channel)
;;; duo-lsp-channel.el ends here
