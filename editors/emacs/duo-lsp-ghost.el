;;; duo-lsp-ghost.el --- Suggestions behind the cursor -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT

;;; Commentary:

;; Part of duo-lsp.  Asks for a suggestion when you rest, shows it as ghost
;; text, and keeps it while you type what it says.  The keys of
;; `duo-lsp-ghost-map' count only while ghost text shows.

;;; Code:

(require 'duo-lsp-channel)

(defcustom duo-lsp-idle-delay 0.1
  "Seconds without a key after which a suggestion is asked for.
The server waits a little, too, so that typing does not ask at every key."
  :type 'number
  :group 'duo-lsp)

(defcustom duo-lsp-inhibit-functions '(duo-lsp-busy-p)
  "Functions called without arguments before a suggestion is asked for.
Where one returns non-nil, none is."
  :type 'hook
  :group 'duo-lsp)

(defcustom duo-lsp-quiet-commands '(undo undo-only undo-redo undo-tree-undo undo-tree-redo vundo revert-buffer)
  "Commands after which nothing is asked for, although the text is new."
  :type '(repeat symbol)
  :group 'duo-lsp)

(defface duo-lsp-ghost '((t :inherit shadow))
  "How a suggestion looks."
  :group 'duo-lsp)

(defvar duo-lsp-ghost-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "TAB") #'duo-lsp-accept)
    (define-key map (kbd "<tab>") #'duo-lsp-accept)
    (define-key map [remap forward-word] #'duo-lsp-accept-word)
    (define-key map [remap right-word] #'duo-lsp-accept-word)
    (define-key map [remap move-end-of-line] #'duo-lsp-accept-line)
    (define-key map (kbd "M-n") #'duo-lsp-next)
    (define-key map (kbd "M-p") #'duo-lsp-previous)
    (define-key map [remap keyboard-quit] #'duo-lsp-dismiss)
    map)
  "Keys while ghost text shows.")

(define-minor-mode duo-lsp-ghost-mode
  "On by itself while ghost text shows, for its keys."
  :interactive nil
  :keymap duo-lsp-ghost-map
  :group 'duo-lsp)

(defvar-local duo-lsp-ghost--items nil
  "The suggestions for this place, as property lists.
`:rest' is what stood behind the cursor when they came, `:command' what the
server wants to be told when one is taken.")
(defvar-local duo-lsp-ghost--index 0
  "Which of them shows.")
(defvar-local duo-lsp-ghost--anchor nil
  "A marker where the cursor was when they came.")
(defvar-local duo-lsp-ghost--tail 0
  "Characters that stood behind it.")
(defvar-local duo-lsp-ghost--overlay nil
  "What shows, or nil.")
(defvar-local duo-lsp-ghost--seen nil
  "The cursor and the text's age after the last command.")
(defvar-local duo-lsp-ghost--serial 0
  "Counts the requests; only the newest one's answer is shown.")
(defvar-local duo-lsp-ghost--timer nil
  "Fires when it is time to ask.")

;;; Commands

(defun duo-lsp-accept ()
  "Take the suggestion."
  (interactive)
  (duo-lsp-ghost--take nil))

(defun duo-lsp-accept-word ()
  "Take the next word of the suggestion, and leave the rest on the screen."
  (interactive)
  (duo-lsp-ghost--take "[[:space:]\n]*\\(?:[[:alnum:]_]+\\|[^[:alnum:]_[:space:]\n]+\\|\\'\\)"))

(defun duo-lsp-accept-line ()
  "Take the line of the suggestion, and leave the rest on the screen."
  (interactive)
  (duo-lsp-ghost--take "\n*[^\n]*"))

(defun duo-lsp-next (&optional step)
  "Show another suggestion for this place, STEP further."
  (interactive "p")
  (let ((step (or step 1)))
    (if (cdr duo-lsp-ghost--items)
        (duo-lsp-ghost--turn step)
      ;; what comes by itself is one suggestion; by hand the server looks for more
      (let ((shown (duo-lsp-ghost--rest)))
        (duo-lsp-ghost-ask
         t (lambda ()
             (if (cdr duo-lsp-ghost--items)
                 (duo-lsp-ghost--turn (if (equal shown (duo-lsp-ghost--rest)) step 0))
               (message "Duo: there is no other suggestion here"))))))))

(defun duo-lsp-previous (&optional step)
  "Show the suggestion before this one, STEP back."
  (interactive "p")
  (duo-lsp-next (- (or step 1))))

(defun duo-lsp-dismiss ()
  "Take the suggestion away; it does not come back by itself at this place."
  (interactive)
  (let ((item (nth duo-lsp-ghost--index duo-lsp-ghost--items)))
    (duo-lsp-ghost-clear)
    (when-let* ((id (duo-lsp-ghost--id item)) (channel (duo-lsp-channel)))
      (duo-lsp-channel-command channel "duo.dismissed" id nil #'ignore))))

(defun duo-lsp-busy-p ()
  "Whether a suggestion would be in the way now."
  (or buffer-read-only
      (use-region-p)
      executing-kbd-macro
      (bound-and-true-p completion-in-region-mode)
      (and (bound-and-true-p evil-local-mode)
           (not (memq (bound-and-true-p evil-state) '(insert emacs))))))

;;; When to ask

(defun duo-lsp-ghost-on ()
  "Show suggestions in this buffer."
  (setq duo-lsp-ghost--seen (duo-lsp-ghost--now))
  (add-hook 'post-command-hook #'duo-lsp-ghost--after-command nil t))

(defun duo-lsp-ghost-off ()
  "Show none any more."
  (remove-hook 'post-command-hook #'duo-lsp-ghost--after-command t)
  (duo-lsp-ghost-clear))

(defun duo-lsp-ghost-clear ()
  "Take the suggestion away, and forget what was to be asked."
  (when (timerp duo-lsp-ghost--timer) (cancel-timer duo-lsp-ghost--timer))
  (when duo-lsp-ghost--overlay (delete-overlay duo-lsp-ghost--overlay))
  (when duo-lsp-ghost-mode (duo-lsp-ghost-mode -1))
  (setq duo-lsp-ghost--overlay nil
        duo-lsp-ghost--items nil
        duo-lsp-ghost--serial (1+ duo-lsp-ghost--serial)))

(defun duo-lsp-ghost--now ()
  "The cursor and the text's age."
  (cons (point) (buffer-chars-modified-tick)))

(defun duo-lsp-ghost--after-command ()
  "See what the last command has made of the suggestion, and of the text."
  (let ((now (duo-lsp-ghost--now)) (seen duo-lsp-ghost--seen))
    (unless (equal now seen)
      (setq duo-lsp-ghost--seen now)
      (if (duo-lsp-ghost--rest)
          (duo-lsp-ghost--paint)
        (duo-lsp-ghost-clear))
      (unless (eql (cdr now) (cdr seen))
        (duo-lsp-ghost--changed)))))

(defun duo-lsp-ghost--changed ()
  "Tell the server what is new, and ask soon where nothing is shown.
It hears of every key, because it waits as long as somebody's typing lasts,
and answers no question that is older than the text."
  (when-let* ((channel (duo-lsp-channel)))
    (duo-lsp-channel-flush channel))
  (unless (or duo-lsp-ghost--overlay
              (memq this-command duo-lsp-quiet-commands)
              (run-hook-with-args-until-success 'duo-lsp-inhibit-functions))
    (duo-lsp-ghost--soon)))

(defun duo-lsp-ghost--soon ()
  "Ask when no key comes for a moment."
  (when (timerp duo-lsp-ghost--timer) (cancel-timer duo-lsp-ghost--timer))
  (setq duo-lsp-ghost--timer
        (run-with-idle-timer duo-lsp-idle-delay nil #'duo-lsp-ghost--ask-in (current-buffer) (duo-lsp-ghost--now))))

(defun duo-lsp-ghost--ask-in (buffer now &optional tries)
  "Ask for BUFFER unless NOW is over.
A server that is starting is waited for, a few TRIES."
  (when (and (buffer-live-p buffer) (eq buffer (window-buffer)))
    (with-current-buffer buffer
      (when (equal now (duo-lsp-ghost--now))
        (cond ((duo-lsp-channel) (duo-lsp-ghost-ask nil #'ignore))
              ((< (or tries 0) 10)
               (setq duo-lsp-ghost--timer
                     (run-with-timer 0.5 nil #'duo-lsp-ghost--ask-in buffer now (1+ (or tries 0))))))))))

(defun duo-lsp-ghost-ask (by-hand then)
  "Ask for suggestions at the cursor; BY-HAND when a person wants them.
THEN is called without arguments once they show, or there are none."
  (when-let* ((channel (duo-lsp-channel))
              (uri (duo-lsp-channel-flush channel)))
    (let ((buffer (current-buffer))
          (serial (cl-incf duo-lsp-ghost--serial))
          (now (duo-lsp-ghost--now)))
      (duo-lsp-channel-send
       channel :textDocument/inlineCompletion
       (list :textDocument (list :uri uri)
             :position (duo-lsp-document-position (point))
             :context (list :triggerKind (if by-hand 1 2)))
       (lambda (result)
         (when (and (buffer-live-p buffer) (eq buffer (window-buffer)))
           (with-current-buffer buffer
             ;; whoever typed on has asked again, and that answer is the one to show
             (when (and (= serial duo-lsp-ghost--serial) (equal now (duo-lsp-ghost--now)))
               (duo-lsp-ghost--offer (if (vectorp result) result (plist-get result :items)))
               (funcall then)))))
       (lambda (problem) (when by-hand (message "Duo: %s" problem)))))))

;;; What shows

(defun duo-lsp-ghost--offer (items)
  "Show the first of ITEMS, as the server sent them.
Without any, what is on the screen stays there."
  (when-let* ((items (delq nil (mapcar #'duo-lsp-ghost--item items))))
    (setq duo-lsp-ghost--items items
          duo-lsp-ghost--index 0
          duo-lsp-ghost--anchor (copy-marker (point))
          duo-lsp-ghost--tail (- (1+ (buffer-size)) (point)))
    (duo-lsp-ghost--paint)))

(defun duo-lsp-ghost--item (item)
  "What of the server's ITEM belongs behind the cursor.
That is nil for one that does not fit here."
  (let* ((text (plist-get item :insertText))
         (text (if (stringp text) text (plist-get text :value)))
         (range (plist-get item :range))
         (start (if range (duo-lsp-document-point (plist-get range :start)) (point)))
         (there (and (<= (point-min) start (point)) (buffer-substring-no-properties start (point)))))
    (when (and there
               (or (null range) (= (duo-lsp-document-point (plist-get range :end)) (point)))
               (string-prefix-p there text)
               (not (equal there text)))
      (list :rest (substring text (length there)) :command (plist-get item :command)))))

(defun duo-lsp-ghost--rest ()
  "What of the suggestion is not there yet.
That is nil when there is none, or it fits no more."
  (when-let* ((text (plist-get (nth duo-lsp-ghost--index duo-lsp-ghost--items) :rest))
              (typed (and (<= (point-min) duo-lsp-ghost--anchor (point))
                          (= duo-lsp-ghost--tail (- (1+ (buffer-size)) (point)))
                          (buffer-substring-no-properties duo-lsp-ghost--anchor (point)))))
    (and (string-prefix-p typed text)
         (not (equal typed text))
         (substring text (length typed)))))

(defun duo-lsp-ghost--paint ()
  "Draw what is left of the suggestion behind the cursor."
  (let ((text (propertize (duo-lsp-ghost--rest) 'face 'duo-lsp-ghost)))
    (put-text-property 0 1 'cursor t text)
    (when (string-prefix-p "\n" text) ; where the cursor cannot stand: a blank goes before it
      (put-text-property 0 1 'display (propertize " \n" 'cursor t 'face 'duo-lsp-ghost) text))
    (unless duo-lsp-ghost--overlay
      (setq duo-lsp-ghost--overlay (make-overlay (point) (point)))
      (overlay-put duo-lsp-ghost--overlay 'priority 9000)
      (duo-lsp-ghost-mode 1)
      ;; since Emacs 30; two suggestions in one place would be one too many
      (when-let* ((preview (intern-soft "completion-preview-active-mode")))
        (when (and (boundp preview) (symbol-value preview)) (funcall preview -1))))
    (move-overlay duo-lsp-ghost--overlay (point) (point))
    (overlay-put duo-lsp-ghost--overlay 'window (selected-window))
    (overlay-put duo-lsp-ghost--overlay 'after-string text)))

(defun duo-lsp-ghost--turn (step)
  "Show the suggestion that is STEP further, and say which one it is."
  (let* ((count (length duo-lsp-ghost--items))
         (before duo-lsp-ghost--index)
         (direction (if (< step 0) -1 1))
         (next (mod (+ before step) count)))
    (setq duo-lsp-ghost--index next)
    ;; what was typed on fits some of them only
    (while (and (not (duo-lsp-ghost--rest)) (/= next before))
      (setq next (mod (+ next direction) count)
            duo-lsp-ghost--index next))
    (when (duo-lsp-ghost--rest) (duo-lsp-ghost--paint))
    (message "Duo: suggestion %d of %d" (1+ next) count)))

(defun duo-lsp-ghost--take (pattern)
  "Insert what PATTERN matches at the beginning of the suggestion.
Where it is nil, insert all."
  (let ((rest (duo-lsp-ghost--rest))
        (item (nth duo-lsp-ghost--index duo-lsp-ghost--items)))
    (unless rest
      (duo-lsp-ghost-clear)
      (user-error "The text has changed: the suggestion is gone"))
    (let ((piece (if (and pattern (string-match (concat "\\`" pattern) rest)) (match-string 0 rest) rest)))
      (insert piece)
      (when (equal piece rest)
        (duo-lsp-ghost-clear)
        (when-let* ((command (plist-get item :command)) (channel (duo-lsp-channel)))
          (duo-lsp-channel-command channel (plist-get command :command) (duo-lsp-ghost--id item) nil #'ignore))))))

(defun duo-lsp-ghost--id (item)
  "The server's name for ITEM, or nil."
  (let ((arguments (plist-get (plist-get item :command) :arguments)))
    (and (vectorp arguments) (> (length arguments) 0) (aref arguments 0))))

(provide 'duo-lsp-ghost)
;;; duo-lsp-ghost.el ends here
