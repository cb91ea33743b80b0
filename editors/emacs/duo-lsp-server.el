;;; duo-lsp-server.el --- A connection beside the language's own -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT

;;; Commentary:

;; Part of duo-lsp.  One server process for all buffers of this Emacs, with a
;; JSON-RPC connection of its own: Eglot and lsp-mode do not know about it, and
;; keep the servers they have.

;;; Code:

(require 'browse-url)
(require 'duo-lsp-channel)
(require 'duo-lsp-process)

(defconst duo-lsp-server-conversation "*Duo Chat*"
  "The name of the conversation's buffer.")
(defconst duo-lsp-server--rest 10
  "Seconds after which a server that serves no buffer is ended.
A conversation keeps it, because it knows what was said.")
(defconst duo-lsp-server--patience 10
  "Seconds that a command waits for a server to start.")
(defconst duo-lsp-server--most-starts 3
  "How often it is started again within a minute after it ended by itself.")

(defvar duo-lsp-server--connection nil
  "The connection, or nil.")
(defvar duo-lsp-server--ready nil
  "Whether the server has answered what it can do.")
(defvar duo-lsp-server--folders nil
  "The folders of projects that the server knows.")
(defvar duo-lsp-server--ends nil
  "When it ended by itself, newest first.")
(defvar duo-lsp-server--given-up nil
  "Whether it is started no more until somebody asks for it.")
(defvar duo-lsp-server--ending nil
  "The timer that ends a server which nobody needs.")

(defvar-local duo-lsp-server--uri nil
  "The address under which the server has this buffer open, or nil.")
(defvar-local duo-lsp-server--root nil
  "The folder of this buffer's project, or nil.")

(defun duo-lsp-server-channel ()
  "Our own connection, once it serves this buffer.
What is missing for that is begun."
  (when (duo-lsp-document-p)
    (duo-lsp-server-open)
    (and duo-lsp-server--ready duo-lsp-server--uri duo-lsp-server--connection)))

(defun duo-lsp-server-open ()
  "Have the server serve this buffer; nothing is waited for."
  (unless (or duo-lsp-server--connection duo-lsp-server--given-up)
    (duo-lsp-server--start))
  (when (and duo-lsp-server--ready (not (equal duo-lsp-server--uri (duo-lsp-document-uri))))
    (duo-lsp-server-close)
    (setq duo-lsp-server--uri (duo-lsp-document-uri)
          duo-lsp-server--root (duo-lsp-document-root))
    (duo-lsp-server--tell-folders)
    (duo-lsp-channel-tell duo-lsp-server--connection :textDocument/didOpen
                          (list :textDocument (duo-lsp-document-item)))))

(defun duo-lsp-server-close ()
  "Have the server serve this buffer no more.
A server that serves none is ended after a while."
  (when duo-lsp-server--uri
    (let ((uri duo-lsp-server--uri))
      (duo-lsp-document-forget)
      (setq duo-lsp-server--uri nil)
      (when duo-lsp-server--ready
        (duo-lsp-channel-tell duo-lsp-server--connection :textDocument/didClose
                              (list :textDocument (list :uri uri)))))
    (duo-lsp-server--end-soon)))

(defun duo-lsp-server-stop ()
  "End the server."
  (when-let* ((connection duo-lsp-server--connection))
    (duo-lsp-server--lost)
    (duo-lsp-process-end connection)))

(defun duo-lsp-server-restart ()
  "End the server and start it again."
  (duo-lsp-server-stop)
  (setq duo-lsp-server--given-up nil
        duo-lsp-server--ends nil)
  (duo-lsp-server--start))

(defun duo-lsp-server-somewhere ()
  "The channel of this buffer, or of another one; else a server is started.
That takes a moment, which is waited for: a person has asked for something."
  (or (cl-some (lambda (buffer)
                 (with-current-buffer buffer
                   (and (bound-and-true-p duo-lsp-mode) (duo-lsp-channel))))
               (cons (current-buffer) (buffer-list)))
      (duo-lsp-server--started)
      (user-error "Duo: the server does not start; look with M-x duo-lsp-doctor")))

(defun duo-lsp-server--started ()
  "Our own connection, started if need be, or nil after a while."
  (unless (or duo-lsp-server--connection duo-lsp-server--given-up)
    (duo-lsp-server--start))
  (duo-lsp-server--end-soon)
  (with-timeout (duo-lsp-server--patience nil)
    (while (and duo-lsp-server--connection (not duo-lsp-server--ready))
      (accept-process-output nil 0.05)))
  (and duo-lsp-server--ready duo-lsp-server--connection))

(cl-defmethod duo-lsp-channel-flush ((_channel jsonrpc-process-connection))
  "Tell our server what has changed in this buffer."
  (duo-lsp-server-open)
  (when-let* ((changes (and duo-lsp-server--ready (duo-lsp-document-changes))))
    (duo-lsp-channel-tell duo-lsp-server--connection :textDocument/didChange changes))
  duo-lsp-server--uri)

;;; Beginning

(defun duo-lsp-server--start ()
  "Start the process and say hello; its answer opens the buffers."
  (if (not (executable-find (car duo-lsp-command)))
      (duo-lsp-server--give-up
       (format "there is no program %s: install it with `pipx install duo-lsp', or set `duo-lsp-command'"
               (car duo-lsp-command)))
    (let ((connection (duo-lsp-process-connect #'duo-lsp-server--asked #'duo-lsp-server--told
                                               #'duo-lsp-server--ended)))
      (setq duo-lsp-server--connection connection
            duo-lsp-server--folders (duo-lsp-server--wanted-folders))
      (duo-lsp-channel-send connection :initialize (duo-lsp-server--hello)
                            (lambda (_) (duo-lsp-server--begin connection))
                            (lambda (problem)
                              (when (eq connection duo-lsp-server--connection)
                                (message "Duo: the server did not start: %s" problem)))))))

(defun duo-lsp-server--hello ()
  "The parameters of `initialize'."
  (list :processId (emacs-pid)
        :clientInfo (list :name "Emacs" :version emacs-version)
        :rootUri nil
        :workspaceFolders (duo-lsp-server--said-folders duo-lsp-server--folders)
        :initializationOptions (or duo-lsp-settings (make-hash-table))
        :capabilities
        (list :general '(:positionEncodings ["utf-32"])
              :workspace '(:configuration t :workspaceFolders t)
              :textDocument '(:inlineCompletion (:dynamicRegistration :json-false))
              :window '(:showDocument (:support t) :workDoneProgress t)
              :experimental duo-lsp-channel-capabilities)))

(defun duo-lsp-server--begin (connection)
  "The server behind CONNECTION has said hello: it may serve buffers."
  (when (eq connection duo-lsp-server--connection)
    (duo-lsp-channel-tell connection :initialized (make-hash-table))
    (setq duo-lsp-server--ready t)
    (dolist (buffer (buffer-list))
      (when (buffer-live-p buffer) ; opening one may close another
        (with-current-buffer buffer
          (when (and (bound-and-true-p duo-lsp-mode) (not duo-lsp-server--uri))
            (duo-lsp-channel)))))))

;;; Folders

(defun duo-lsp-server--wanted-folders ()
  "The folders of the projects of all buffers that are served, or will be."
  (let (folders)
    (dolist (buffer (buffer-list) (nreverse folders))
      (with-current-buffer buffer
        (when-let* ((root (cond (duo-lsp-server--uri duo-lsp-server--root)
                                ((and (bound-and-true-p duo-lsp-mode) (duo-lsp-document-p))
                                 (duo-lsp-document-root)))))
          (cl-pushnew root folders :test #'equal))))))

(defun duo-lsp-server--said-folders (folders)
  "FOLDERS in the words of the protocol."
  (vconcat (mapcar (lambda (folder)
                     (list :uri (duo-lsp-document-uri folder) :name (file-name-nondirectory folder)))
                   folders)))

(defun duo-lsp-server--tell-folders ()
  "Tell the server which folders are there now."
  (let* ((folders (duo-lsp-server--wanted-folders))
         (added (cl-set-difference folders duo-lsp-server--folders :test #'equal))
         (removed (cl-set-difference duo-lsp-server--folders folders :test #'equal)))
    (when (or added removed)
      (setq duo-lsp-server--folders folders)
      (duo-lsp-channel-tell duo-lsp-server--connection :workspace/didChangeWorkspaceFolders
                            (list :event (list :added (duo-lsp-server--said-folders added)
                                               :removed (duo-lsp-server--said-folders removed)))))))

;;; What the server asks and tells

(defun duo-lsp-server--asked (_connection method params)
  "Answer the server's question METHOD with PARAMS."
  (pcase method
    ('workspace/configuration
     (vconcat (mapcar (lambda (_) (or duo-lsp-settings (make-hash-table))) (plist-get params :items))))
    ('workspace/workspaceFolders (duo-lsp-server--said-folders duo-lsp-server--folders))
    ('window/showDocument (duo-lsp-server--show-document params))
    ((or 'window/workDoneProgress/create 'client/registerCapability 'client/unregisterCapability) nil)
    (_ (jsonrpc-error :code -32601 :message (format "Emacs has no %s" method)))))

(defun duo-lsp-server--show-document (params)
  "Show what PARAMS name: a page in the browser, a file in a window."
  (let ((uri (plist-get params :uri)))
    (cond ((eq (plist-get params :external) t) (browse-url uri))
          ((string-prefix-p "file://" uri)
           (display-buffer (find-file-noselect (duo-lsp-document-path uri)))))
    (list :success t)))

(defun duo-lsp-server--told (_connection method params)
  "The server has told METHOD with PARAMS."
  (if (eq method 'window/showMessage)
      (message "Duo: %s" (plist-get params :message))
    (duo-lsp-channel-heard method params)))

;;; Ending

(defun duo-lsp-server--lost ()
  "There is no server any more: no buffer is served."
  (setq duo-lsp-server--connection nil
        duo-lsp-server--ready nil
        duo-lsp-channel-status nil)
  (dolist (buffer (duo-lsp-server--buffers))
    (with-current-buffer buffer
      (duo-lsp-document-forget)
      (setq duo-lsp-server--uri nil)))
  (force-mode-line-update t))

(defun duo-lsp-server--ended (connection)
  "The process behind CONNECTION has ended.
Start another one, unless it was us who ended it."
  (when (eq connection duo-lsp-server--connection)
    (duo-lsp-server--lost)
    (push (float-time) duo-lsp-server--ends)
    (let* ((minute-ago (- (float-time) 60))
           (often (cl-count-if (lambda (end) (> end minute-ago)) duo-lsp-server--ends)))
      ;; from a timer: what jsonrpc says in its sentinel is kept quiet
      (run-with-timer 0 nil (if (<= often duo-lsp-server--most-starts)
                                #'duo-lsp-server--again
                              (lambda () (duo-lsp-server--give-up "the server ends again and again")))))))

(defun duo-lsp-server--again ()
  "Start the server again, and say so."
  (unless duo-lsp-server--connection
    (message "Duo: the server ended and is started again")
    (duo-lsp-server--start)))

(defun duo-lsp-server--give-up (why)
  "Start the server no more, and say WHY."
  (setq duo-lsp-server--given-up t)
  (message "Duo: %s; then run `M-x duo-lsp-restart', or look with `M-x duo-lsp-doctor'" why))

(defun duo-lsp-server--end-soon ()
  "See after a while whether the server is still needed."
  (unless (timerp duo-lsp-server--ending)
    (setq duo-lsp-server--ending (run-with-timer duo-lsp-server--rest nil #'duo-lsp-server--end-unneeded))))

(defun duo-lsp-server--end-unneeded ()
  "End a server without buffers, else tell it which folders are left."
  (setq duo-lsp-server--ending nil)
  (if (or (duo-lsp-server--buffers) (get-buffer duo-lsp-server-conversation))
      (duo-lsp-server--tell-folders)
    (duo-lsp-server-stop)))

(defun duo-lsp-server--buffers ()
  "The buffers that the server has open."
  (seq-filter (lambda (buffer) (buffer-local-value 'duo-lsp-server--uri buffer)) (buffer-list)))

(provide 'duo-lsp-server)
;;; duo-lsp-server.el ends here
