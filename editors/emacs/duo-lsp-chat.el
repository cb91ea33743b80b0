;;; duo-lsp-chat.el --- A conversation beside the code -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT

;;; Commentary:

;; Part of duo-lsp.  Questions about the region, or about the function around
;; the cursor, and answers in a Markdown buffer as they come.

;;; Code:

(require 'duo-lsp-server)

(declare-function gfm-view-mode "ext:markdown-mode")
(declare-function flymake-diagnostics "flymake")
(declare-function flymake-diagnostic-beg "flymake")
(declare-function flymake-diagnostic-end "flymake")
(declare-function flymake-diagnostic-text "flymake")

(defcustom duo-lsp-chat-display-action '((display-buffer-reuse-window display-buffer-in-direction) (direction . right))
  "How the conversation is shown; see `display-buffer'."
  :type 'sexp
  :group 'duo-lsp)

(defface duo-lsp-chat-heading '((t :inherit bold))
  "Headings of the conversation where `markdown-mode' is not installed."
  :group 'duo-lsp)

(defface duo-lsp-chat-code '((t :inherit fixed-pitch))
  "Code in the conversation where `markdown-mode' is not installed."
  :group 'duo-lsp)

(defconst duo-lsp-chat--thinking "*thinking …*"
  "What stands where an answer will come.")
(defvar duo-lsp-chat--open nil
  "Answers that are coming, as (ID BEGIN END): markers in the conversation.")
(defvar duo-lsp-chat--tokens nil
  "The server's names for the progress of these answers, newest first.")
(defvar duo-lsp-chat--count 0
  "How many questions were asked.")

(defvar duo-lsp-chat-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map "a" #'duo-lsp-ask)
    (define-key map "g" #'duo-lsp-chat-retry)
    (define-key map "k" #'duo-lsp-chat-stop)
    (define-key map "N" #'duo-lsp-chat-new)
    (define-key map "w" #'duo-lsp-chat-copy-code)
    (define-key map "q" #'quit-window)
    map)
  "Keys in the conversation.")

(define-minor-mode duo-lsp-chat-mode
  "The conversation with Duo: a ask, g again, k stop, N new, w copy code, q quit."
  :interactive nil
  :keymap duo-lsp-chat-mode-map
  :group 'duo-lsp)

;;; Commands

;;;###autoload
(defun duo-lsp-ask (question)
  "Ask QUESTION, about the region where one is active."
  (interactive (list (read-string (if (use-region-p) "Ask Duo about the region: " "Ask Duo: "))))
  (duo-lsp-chat--ask "duo.chat" question (use-region-p)))

;;;###autoload
(defun duo-lsp-explain ()
  "Have the region explained, or the function around the cursor."
  (interactive)
  (duo-lsp-chat--ask "duo.explain" nil t))

;;;###autoload
(defun duo-lsp-fix ()
  "Ask how to fix the region, or the function around the cursor.
What Flymake found there is told, too."
  (interactive)
  (duo-lsp-chat--ask "duo.fix" nil t))

;;;###autoload
(defun duo-lsp-tests ()
  "Have the region tested, or the function around the cursor."
  (interactive)
  (duo-lsp-chat--ask "duo.tests" nil t))

;;;###autoload
(defun duo-lsp-refactor ()
  "Have the region refactored, or the function around the cursor."
  (interactive)
  (duo-lsp-chat--ask "duo.refactor" nil t))

;;;###autoload
(defun duo-lsp-chat ()
  "Show the conversation."
  (interactive)
  (select-window (duo-lsp-chat--show (duo-lsp-chat--buffer))))

(defun duo-lsp-chat-retry ()
  "Ask the last question again."
  (interactive)
  (duo-lsp-chat--send (duo-lsp-server-somewhere) "duo.retry" "Once more" nil))

(defun duo-lsp-chat-new ()
  "Begin a new conversation: what was said before counts no more."
  (interactive)
  (duo-lsp-channel-command (duo-lsp-server-somewhere) "duo.newChat" nil)
  (duo-lsp-chat--write (duo-lsp-chat--buffer) "\n---\n\n*A new conversation.*\n"))

(defun duo-lsp-chat-stop ()
  "Stop the answer that is coming."
  (interactive)
  (if (not duo-lsp-chat--tokens)
      (message "Duo: no answer is coming")
    (duo-lsp-channel-tell (duo-lsp-server-somewhere) :window/workDoneProgress/cancel
                          (list :token (car duo-lsp-chat--tokens)))))

(defun duo-lsp-chat-copy-code ()
  "Copy the code block around the cursor, or the one before it."
  (interactive)
  (save-excursion
    (end-of-line)
    (unless (re-search-backward "^```+[^`\n]+$" nil t)
      (user-error "There is no code before the cursor"))
    (let* ((fence (progn (looking-at "`+") (match-string 0)))
           (begin (pos-bol 2))
           (end (progn (goto-char begin) (re-search-forward (concat "^" fence "[ \t]*$")) (pos-bol))))
      (kill-new (buffer-substring-no-properties begin end))
      (message "Duo: the code is copied"))))

;;; Asking

(defun duo-lsp-chat--ask (command question about-code)
  "Have the server run COMMAND with QUESTION, or nil.
Code is sent along if ABOUT-CODE is non-nil."
  (let* ((channel (duo-lsp-server-somewhere))
         (uri (and buffer-file-name (eq channel (duo-lsp-channel)) (duo-lsp-channel-flush channel)))
         (begin (if (use-region-p) (region-beginning) (point)))
         (end (if (use-region-p) (region-end) (point)))
         (range (and uri about-code (duo-lsp-document-range begin end)))
         (text (and (not uri) (use-region-p) (duo-lsp-document-text begin end)))
         (title (or question (capitalize (string-remove-prefix "duo." command))))
         (place (and (or range text) (duo-lsp-chat--place begin end))))
    (deactivate-mark)
    (duo-lsp-chat--send channel command title place
                        `(,@(and question (list :question question))
                          ,@(and uri (list :uri uri))
                          ,@(and range (list :range range))
                          ,@(and text (list :selection text))
                          ,@(and (equal command "duo.fix") (duo-lsp-chat--diagnostics begin end))))))

(defun duo-lsp-chat--send (channel command title place &optional wish)
  "Have the server at CHANNEL run COMMAND with WISH.
TITLE and PLACE head the answer."
  (let* ((id (format "emacs-%d" (cl-incf duo-lsp-chat--count)))
         (buffer (duo-lsp-chat--buffer))
         (heading (duo-lsp-chat--write buffer (duo-lsp-chat--heading title place)))
         (done (lambda (answer) (duo-lsp-chat--come id (string-trim (or answer "")) t))))
    (duo-lsp-chat--begin id buffer)
    (let ((window (duo-lsp-chat--show buffer)))
      (set-window-point window (1+ heading))
      (set-window-start window (1+ heading)))
    (duo-lsp-channel-command channel command `(,@wish :id ,id :show "none")
                             (lambda (result) (funcall done (plist-get result :answer)))
                             (lambda (problem) (funcall done (format "*%s*" problem))))))

(defun duo-lsp-chat--place (begin end)
  "Where BEGIN and END are, for a person."
  (let ((first (line-number-at-pos begin t))
        (last (line-number-at-pos (max begin (1- end)) t)))
    (format (if (= first last) "%s, line %d" "%s, lines %d-%d") (buffer-name) first last)))

(defun duo-lsp-chat--diagnostics (begin end)
  "What Flymake has found between BEGIN and END, for `duo.fix'."
  (when (bound-and-true-p flymake-mode)
    (list :diagnostics
          (vconcat (mapcar (lambda (found)
                             (list :message (flymake-diagnostic-text found)
                                   :range (duo-lsp-document-range (flymake-diagnostic-beg found)
                                                                  (flymake-diagnostic-end found))))
                           (flymake-diagnostics begin end))))))

;;; The buffer

(defun duo-lsp-chat--buffer ()
  "The conversation."
  (or (get-buffer duo-lsp-server-conversation)
      (with-current-buffer (get-buffer-create duo-lsp-server-conversation)
        (duo-lsp-chat--dress)
        (duo-lsp-chat-mode 1)
        (let ((inhibit-read-only t)) (insert "# GitLab Duo Chat\n"))
        (set-buffer-modified-p nil)
        (current-buffer))))

(defun duo-lsp-chat--dress ()
  "Make this buffer look like Markdown.
That takes `markdown-mode'; without it, a little is done by hand."
  (cond ((require 'markdown-mode nil t) (gfm-view-mode))
        (t (special-mode)
           (setq-local font-lock-defaults
                       '((("^#+ .*$" 0 'duo-lsp-chat-heading t)
                          ("^>.*$" 0 'font-lock-comment-face t)
                          ("`[^`\n]+`" 0 'duo-lsp-chat-code t)
                          ("^```.*\n\\(\\(?:.*\n\\)*?\\)```" 0 'duo-lsp-chat-code t))
                         t)
                       font-lock-multiline t)
           (font-lock-mode 1)))
  (setq-local buffer-undo-list t
              truncate-lines nil
              word-wrap t))

(defun duo-lsp-chat--heading (title place)
  "How an entry about TITLE and PLACE begins."
  (concat "\n## Asked at " (format-time-string "%H:%M") "\n\n"
          (replace-regexp-in-string "^" "> " (string-trim title))
          (if place (concat "\n>\n> " place) "")
          "\n\n"))

(defun duo-lsp-chat--show (buffer)
  "A window with BUFFER in it."
  (or (get-buffer-window buffer) (display-buffer buffer duo-lsp-chat-display-action)))

(defun duo-lsp-chat--write (buffer text &optional place)
  "Insert TEXT at PLACE in BUFFER, or at its end; return where it begins."
  (with-current-buffer buffer
    (save-excursion
      (let ((inhibit-read-only t))
        (goto-char (or place (point-max)))
        (prog1 (point)
          (insert text)
          (set-buffer-modified-p nil))))))

(defun duo-lsp-chat--begin (id buffer)
  "An answer called ID is coming at the end of BUFFER."
  (with-current-buffer buffer
    (let ((begin (copy-marker (point-max))))
      (duo-lsp-chat--write buffer (concat duo-lsp-chat--thinking "\n"))
      (push (list id begin (copy-marker (1- (point-max)) t)) duo-lsp-chat--open))))

(defun duo-lsp-chat--come (id text &optional over)
  "TEXT of the answer called ID has come: more of it, or all when it is OVER."
  (when-let* ((open (assoc id duo-lsp-chat--open))
              (buffer (marker-buffer (nth 1 open))))
    (pcase-let ((`(,_ ,begin ,end) open))
      (with-current-buffer buffer
        (let ((before (buffer-substring-no-properties begin end))
              (inhibit-read-only t))
          (when (equal before duo-lsp-chat--thinking)
            (delete-region begin end)
            (setq before ""))
          (cond ((not over) (duo-lsp-chat--write buffer text end))
                ;; what was read already stays where it is
                ((string-prefix-p before text)
                 (duo-lsp-chat--write buffer (substring text (length before)) end))
                (t (delete-region begin end)
                   (duo-lsp-chat--write buffer text begin))))))
    (when over
      (setq duo-lsp-chat--open (delq open duo-lsp-chat--open)))))

(defun duo-lsp-chat--heard (method params)
  "Write what METHOD and PARAMS say about answers that are coming."
  (pcase method
    ('duo/chat/chunk (duo-lsp-chat--come (plist-get params :id) (plist-get params :text)))
    ('$/progress
     (let ((token (plist-get params :token)) (value (plist-get params :value)))
       (pcase (plist-get value :kind)
         ("begin" (when (eq (plist-get value :cancellable) t) (push token duo-lsp-chat--tokens)))
         ("end" (setq duo-lsp-chat--tokens (delete token duo-lsp-chat--tokens))))))))

(add-hook 'duo-lsp-channel-heard-functions #'duo-lsp-chat--heard)

(provide 'duo-lsp-chat)
;;; duo-lsp-chat.el ends here
