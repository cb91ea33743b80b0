;;; duo-lsp-process.el --- A process of the server -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT

;;; Commentary:

;; Part of duo-lsp.  Begins and ends a process of the server, and the JSON-RPC
;; connection to it.

;;; Code:

(require 'duo-lsp-channel)

(defcustom duo-lsp-command '("duo-lsp")
  "The program that is the server, and its arguments."
  :type '(repeat string)
  :group 'duo-lsp)

(defcustom duo-lsp-environment nil
  "Variables for the server beside those of Emacs, each as \"NAME=VALUE\"."
  :type '(repeat string)
  :group 'duo-lsp)

(defconst duo-lsp-process--patience 5
  "Seconds for a process to end when it is asked to.")
(defvar duo-lsp-process--newest nil
  "The process that was started last.")

(defun duo-lsp-process-connect (asked told ended)
  "A connection to a new process.
ASKED answers its questions, TOLD hears what it tells, and ENDED is called
with the connection when it has ended."
  (let* ((process-environment (append duo-lsp-environment process-environment))
         (default-directory (expand-file-name "~/"))
         (connection (make-instance 'jsonrpc-process-connection
                                    :name "duo-lsp"
                                    :process (lambda () (setq duo-lsp-process--newest (duo-lsp-process--run)))
                                    :request-dispatcher asked
                                    :notification-dispatcher told
                                    :on-shutdown ended)))
    ;; jsonrpc logs every message, and code with it; the slot was renamed in its version 1.0.23
    (dolist (slot '((-events-buffer-config . (:size 0)) (-events-buffer-scrollback-size . 0)))
      (when (slot-exists-p connection (car slot))
        (eieio-oset connection (car slot) (cdr slot))))
    ;; it also says that a process has ended; so do we, and better
    (add-function :around (process-sentinel duo-lsp-process--newest)
                  (lambda (old &rest arguments)
                    (let ((inhibit-message t) (message-log-max nil)) (apply old arguments))))
    connection))

(defun duo-lsp-process-end (connection)
  "Ask the process behind CONNECTION to end, and see to it that it does."
  (let ((process duo-lsp-process--newest))
    (when (process-live-p process)
      (duo-lsp-channel-send connection :shutdown nil
                            (lambda (_) (duo-lsp-channel-tell connection :exit nil)) #'ignore)
      (run-with-timer duo-lsp-process--patience nil #'delete-process process))))

(defun duo-lsp-process--run ()
  "A new process of the server."
  (make-process :name "duo-lsp"
                :command duo-lsp-command
                :connection-type 'pipe
                :coding 'utf-8-emacs-unix
                :noquery t
                :stderr (get-buffer-create "*duo-lsp stderr*")
                :file-handler nil))

(provide 'duo-lsp-process)
;;; duo-lsp-process.el ends here
