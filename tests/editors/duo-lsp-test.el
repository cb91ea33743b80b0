;;; duo-lsp-test.el --- What duo-lsp does without a server -*- lexical-binding: t; -*-

;;; Commentary:

;; Run by test_emacs_package.py; by hand:
;; emacs -Q --batch -L editors/emacs -l tests/editors/duo-lsp-test.el -f ert-run-tests-batch-and-exit

;;; Code:

(require 'ert)
(require 'duo-lsp)

;;; A server that is asked here and answers when the test wants it to

(defvar asked nil "What was asked, newest first: (METHOD PARAMS THEN FAILED).")
(defvar commands nil "The commands that ran, newest first: (NAME ARGUMENT).")

(cl-defmethod duo-lsp-channel-send ((_channel (eql test)) method params then &optional failed)
  (if (and (eq method :workspace/executeCommand) (not (string-match-p "status" (plist-get params :command))))
      (push (cons (plist-get params :command) (append (plist-get params :arguments) nil)) commands))
  (push (list method params then failed) asked))
(cl-defmethod duo-lsp-channel-flush ((_channel (eql test))) "file:///test.py")

(defun answer (&rest texts)
  "Answer the newest question for suggestions with TEXTS, each what goes behind the cursor."
  (pcase-let* ((`(,_ ,params ,then ,_) (seq-find (lambda (one) (eq (car one) :textDocument/inlineCompletion)) asked))
               (position (plist-get params :position))
               (start (list :line (plist-get position :line) :character 0))
               (line (buffer-substring (pos-bol) (duo-lsp-document-point position))))
    (funcall then (list :items (vconcat (seq-map-indexed
                                         (lambda (text n)
                                           (list :insertText (concat line text)
                                                 :range (list :start start :end position)
                                                 :command (list :command "duo.accepted" :arguments (vector (format "id-%d" n)))))
                                         texts))))))

(defun shown ()
  "What shows behind the cursor."
  (and duo-lsp-ghost--overlay
       (= (point) (overlay-start duo-lsp-ghost--overlay))
       (substring-no-properties (overlay-get duo-lsp-ghost--overlay 'after-string))))

(defun act (command &rest arguments)
  "Run COMMAND with ARGUMENTS as the command loop would."
  (let ((this-command command))
    (apply command arguments)
    (run-hooks 'post-command-hook)
    (undo-boundary)))

(defmacro with-buffer (text &rest body)
  "Run BODY in a buffer with TEXT, the cursor at the bar."
  (declare (indent 1))
  `(let ((buffer (generate-new-buffer "test")) (asked nil) (commands nil)
         (duo-lsp-channel-functions (list (lambda () 'test)))
         (duo-lsp-idle-delay 0))
     (unwind-protect
         (progn
           (switch-to-buffer buffer)
           (buffer-enable-undo)
           (insert ,text)
           (goto-char (point-min))
           (when (search-forward "█" nil t) (delete-char -1))
           (undo-boundary)
           (duo-lsp-mode 1)
           (cl-letf (((symbol-function 'run-with-idle-timer) (lambda (_delay _repeat act &rest more) (apply act more) nil)))
             ,@body))
       (let ((kill-buffer-query-functions nil)) (set-buffer-modified-p nil) (kill-buffer buffer)))))

;;; Ghost text

(ert-deftest typing-asks-and-shows ()
  (with-buffer "def f():\n    █"
    (act #'insert "ret")
    (answer "urn 1\n\nprint()")
    (should (equal (shown) "urn 1\n\nprint()"))
    (should duo-lsp-ghost-mode)
    (should (equal (plist-get (nth 1 (car asked)) :position) '(:line 1 :character 7)))
    (should (equal (plist-get (nth 1 (car asked)) :context) '(:triggerKind 2)))))

(ert-deftest a-server-that-is-starting-is-asked-once-it-is-there ()
  (with-buffer "█"
    (let* ((looks 0)
           (duo-lsp-channel-functions (list (lambda () (if (> (cl-incf looks) 4) 'test 'wait)))))
      (cl-letf (((symbol-function 'run-with-timer) (lambda (_delay _repeat act &rest more) (apply act more) nil)))
        (act #'insert "re"))
      (should (length= asked 1))
      (answer "turn")
      (should (equal (shown) "turn")))))

(ert-deftest typing-what-it-says-keeps-it ()
  (with-buffer "█"
    (act #'insert "re")
    (answer "turn 'é漢😀'")
    (act #'insert "tu")
    (should (equal (shown) "rn 'é漢😀'"))
    (should (length= asked 1))
    (act #'duo-lsp-accept)
    (should (equal (buffer-string) "return 'é漢😀'"))
    (should (equal commands '(("duo.accepted" "id-0"))))))

(ert-deftest typing-something-else-takes-it-away ()
  (with-buffer "█"
    (act #'insert "re")
    (answer "turn")
    (act #'insert "x")
    (should-not (shown))
    (should-not duo-lsp-ghost-mode)
    (should (length= asked 2))))

(ert-deftest a-bracket-that-comes-behind-the-cursor-takes-it-away ()
  (with-buffer "█"
    (act #'insert "f")
    (answer "(a, b)")
    (act (lambda () (insert "()") (backward-char)))
    (should-not (shown))))

(ert-deftest moving-away-takes-it-away-and-asks-nothing ()
  (with-buffer "one\n█"
    (act #'insert "re")
    (answer "turn")
    (act #'goto-char 1)
    (should-not (shown))
    (should (length= asked 1))))

(ert-deftest an-answer-for-a-text-that-is-no-more-is-not-shown ()
  (with-buffer "█"
    (act #'insert "re")
    (insert "x")
    (answer "turn")
    (should-not (shown))))

(ert-deftest a-change-that-no-command-made-is-noticed-on-taking ()
  (with-buffer "one\n█"
    (act #'insert "re")
    (answer "turn")
    (save-excursion (insert "!"))
    (should-error (duo-lsp-accept) :type 'user-error)
    (should (equal (buffer-string) "one\nre!"))
    (should-not (shown))))

(ert-deftest a-change-above-moves-it ()
  (with-buffer "one\n█"
    (act #'insert "re")
    (answer "turn")
    (save-excursion (goto-char 1) (insert "zero\n"))
    (act #'duo-lsp-accept)
    (should (equal (buffer-string) "zero\none\nreturn"))))

(ert-deftest a-word-at-a-time ()
  (with-buffer "█"
    (act #'insert "x")
    (answer " = add(1,\n  é_2)")
    (let (seen)
      (while (shown)
        (act #'duo-lsp-accept-word)
        (push (buffer-string) seen))
      (should (equal (nreverse seen)
                     '("x =" "x = add" "x = add(" "x = add(1" "x = add(1," "x = add(1,\n  é_2" "x = add(1,\n  é_2)"))))
    (should (equal commands '(("duo.accepted" "id-0"))))))

(ert-deftest a-line-at-a-time ()
  (with-buffer "█"
    (act #'insert "x")
    (answer " = 1\n\ny = 2")
    (act #'duo-lsp-accept-line)
    (should (equal (buffer-string) "x = 1"))
    (should (equal (shown) "\n\ny = 2"))
    (act #'duo-lsp-accept-line)
    (should (equal (buffer-string) "x = 1\n\ny = 2"))
    (should-not (shown))))

(ert-deftest one-undo-restores ()
  (with-buffer "a\n█"
    (act #'insert "re")
    (answer "turn 1\n\nreturn 2")
    (act #'duo-lsp-accept)
    (setq last-command nil)
    (act #'undo)
    (should (equal (buffer-string) "a\nre"))
    (should (= (point) (point-max)))
    (should (length= (seq-filter (lambda (one) (eq (car one) :textDocument/inlineCompletion)) asked) 2))))

(ert-deftest others-are-asked-for-by-hand-and-shown-in-turn ()
  (with-buffer "█"
    (act #'insert "x")
    (answer " = 1")
    (act #'duo-lsp-next)
    (should (equal (plist-get (nth 1 (car asked)) :context) '(:triggerKind 1)))
    (answer " = 1" " = 2" " = 3")
    (should (equal (shown) " = 2"))
    (act #'duo-lsp-next)
    (should (equal (shown) " = 3"))
    (act #'duo-lsp-next)
    (should (equal (shown) " = 1"))
    (act #'duo-lsp-previous)
    (should (equal (shown) " = 3"))
    (act #'duo-lsp-accept)
    (should (equal (buffer-string) "x = 3"))
    (should (equal (car commands) '("duo.accepted" "id-2")))))

(ert-deftest where-there-is-no-other-the-one-stays ()
  (with-buffer "█"
    (act #'insert "x")
    (answer " = 1")
    (act #'duo-lsp-next)
    (answer " = 1")
    (should (equal (shown) " = 1"))))

(ert-deftest what-is-dismissed-is-told ()
  (with-buffer "█"
    (act #'insert "x")
    (answer " = 1")
    (should (eq (key-binding (kbd "C-g")) #'duo-lsp-dismiss))
    (act #'duo-lsp-dismiss)
    (should-not (shown))
    (should (equal commands '(("duo.dismissed" "id-0"))))
    (should (eq (key-binding (kbd "C-g")) #'keyboard-quit))))

(ert-deftest keys-are-taken-only-while-it-shows ()
  (with-buffer "█"
    (should-not (eq (key-binding (kbd "TAB")) #'duo-lsp-accept))
    (act #'insert "x")
    (answer " = 1")
    (should (eq (key-binding (kbd "TAB")) #'duo-lsp-accept))
    (should (eq (key-binding (kbd "M-f")) #'duo-lsp-accept-word))
    (should (eq (key-binding (kbd "C-e")) #'duo-lsp-accept-line))
    (act #'insert "y")
    (should-not (eq (key-binding (kbd "TAB")) #'duo-lsp-accept))))

(ert-deftest nothing-is-asked-where-it-would-be-in-the-way ()
  (with-buffer "abc█"
    (let ((buffer-read-only t) (inhibit-read-only t)) (act #'insert "x"))
    (should-not asked)
    (let ((duo-lsp-inhibit-functions (list #'always))) (act #'insert "x"))
    (should-not asked)
    (act #'insert "x")
    (should asked)))

(ert-deftest an-item-that-fits-not-here-is-left-out ()
  (with-buffer "abc█"
    (act #'insert "d")
    (let ((then (nth 2 (car asked))))
      (funcall then nil)
      (funcall then '(:items []))
      (funcall then '(:items [(:insertText "abXdef" :range (:start (:line 0 :character 0) :end (:line 0 :character 4)))]))
      (funcall then '(:items [(:insertText "abcd" :range (:start (:line 0 :character 0) :end (:line 0 :character 4)))]))
      (should-not (shown))
      (funcall then '(:items [(:insertText (:kind "snippet" :value "e"))]))
      (should (equal (shown) "e")))))

;;; What the server knows of the text

(defun apply-change (text change)
  "TEXT after CHANGE, by the protocol's rules and without a buffer of Emacs'."
  (if-let* ((range (plist-get change :range)))
      (let ((at (lambda (position)
                  (+ (seq-reduce (lambda (sum line) (+ sum 1 (length line)))
                                 (seq-take (split-string text "\n") (plist-get position :line)) 0)
                     (plist-get position :character)))))
        (concat (substring text 0 (funcall at (plist-get range :start)))
                (plist-get change :text)
                (substring text (funcall at (plist-get range :end)))))
    (plist-get change :text)))

(defun edit-somehow ()
  "Change this buffer at random."
  (let ((place (1+ (random (1+ (buffer-size))))))
    (goto-char place)
    (pcase (random 5)
      (0 (delete-region place (min (point-max) (+ place (random 9)))))
      (1 (insert (seq-random-elt '("a" "é" "漢\n" "😀\t" "\n\n" "def f():\n    pass"))))
      (2 (upcase-region place (min (point-max) (+ place (random 20)))))
      (3 (let ((inhibit-modification-hooks (zerop (random 3)))) (insert "unseen")))
      (4 (save-restriction
           (narrow-to-region place (point-max))
           (goto-char (point-min))
           (while (search-forward "a" nil t) (replace-match "bb")))))))

(ert-deftest the-server-has-the-same-text-whatever-happens ()
  (random "duo-lsp")
  (dotimes (_ 40)
    (with-temp-buffer
      (setq buffer-file-name "/tmp/é b.py")
      (insert "def add(a, b):\n    return a + b\n")
      (let ((text (plist-get (duo-lsp-document-item) :text)) (version 0))
        (dotimes (_ 30)
          (dotimes (_ (random 4)) (edit-somehow))
          (when-let* ((changes (duo-lsp-document-changes)))
            (should (> (plist-get (plist-get changes :textDocument) :version) version))
            (setq version (plist-get (plist-get changes :textDocument) :version)
                  text (seq-reduce #'apply-change (plist-get changes :contentChanges) text))))
        (insert "!")
        (setq text (seq-reduce #'apply-change (plist-get (duo-lsp-document-changes) :contentChanges) text))
        (should (equal text (buffer-string))))
      (set-buffer-modified-p nil))))

(ert-deftest an-address-names-the-file-and-back ()
  (dolist (path '("/tmp/a b/é漢.py" "/x/#?%.py" "/home/u/c++/a.cc"))
    (should (equal (duo-lsp-document-path (duo-lsp-document-uri path)) path)))
  (should (equal (duo-lsp-document-uri "/a b/é.py") "file:///a%20b/%C3%A9.py")))

(ert-deftest places-are-counted-in-characters ()
  (with-temp-buffer
    (insert "é漢😀x\n\tab")
    (should (equal (duo-lsp-document-position 4) '(:line 0 :character 3)))
    (should (equal (duo-lsp-document-position (point-max)) '(:line 1 :character 3)))
    (narrow-to-region 6 8)
    (should (equal (duo-lsp-document-position 7) '(:line 1 :character 1)))
    (dotimes (place 9)
      (should (= (duo-lsp-document-point (duo-lsp-document-position (1+ place))) (1+ place))))))

(ert-deftest what-json-has-no-room-for-is-one-mark-each ()
  (with-temp-buffer
    (insert "a" (unibyte-char-to-multibyte 200) "b" #xD800 "c漢😀")
    (let ((text (duo-lsp-document-text (point-min) (point-max))))
      (should (equal text "a\uFFFDb\uFFFDc漢😀"))
      (should (json-serialize (vector text))))))

(ert-deftest modes-are-named-as-the-protocol-names-languages ()
  (dolist (pair '((python-mode . "python") (python-ts-mode . "python") (js-mode . "javascript") (sh-mode . "shellscript")
                  (c++-ts-mode . "cpp") (typescript-ts-mode . "typescript") (tsx-ts-mode . "typescriptreact")
                  (go-ts-mode . "go") (ruby-mode . "ruby")))
    (let ((major-mode (car pair)))
      (should (equal (duo-lsp-document-language) (cdr pair))))))

;;; The conversation

(defun conversation ()
  (with-current-buffer "*Duo Chat*" (buffer-substring-no-properties (point-min) (point-max))))

(ert-deftest an-answer-is-written-as-it-comes ()
  (with-buffer "def f():\n    pass\n█"
    (setq buffer-file-name "/tmp/f.py")
    (unwind-protect
        (progn
          (set-mark (point-min))
          (activate-mark)
          (let ((transient-mark-mode t)) (duo-lsp-explain))
          (pcase-let* ((`(,_ ,params ,then ,_) (car asked))
                       (wish (aref (plist-get params :arguments) 0))
                       (id (plist-get wish :id)))
            (should (equal (plist-get params :command) "duo.explain"))
            (should (equal (plist-get wish :range) '(:start (:line 0 :character 0) :end (:line 2 :character 0))))
            (should (string-match-p "^> Explain\n>\n> test, lines 1-2$" (conversation)))
            (duo-lsp-channel-heard 'duo/chat/chunk (list :id "another" :text "no"))
            (duo-lsp-channel-heard 'duo/chat/chunk (list :id id :text "It "))
            (duo-lsp-channel-heard 'duo/chat/chunk (list :id id :text "does"))
            (should (string-suffix-p "\n\nIt does\n" (conversation)))
            (funcall then (list :answer "It does nothing.\n\n```python\npass\n```" :state "ok"))
            (should (string-suffix-p "\n\nIt does nothing.\n\n```python\npass\n```\n" (conversation)))
            (should-not duo-lsp-chat--open))
          (with-current-buffer "*Duo Chat*"
            (should buffer-read-only)
            (goto-char (point-max))
            (duo-lsp-chat-copy-code)
            (should (equal (current-kill 0) "pass\n"))))
      (setq buffer-file-name nil)
      (kill-buffer "*Duo Chat*"))))

(ert-deftest two-answers-at-once-keep-apart-and-a-failure-is-said ()
  (with-buffer "█"
    (unwind-protect
        (progn
          (duo-lsp-ask "one?")
          (duo-lsp-ask "two?")
          (pcase-let ((`((,_ ,_ ,_ ,fails) (,_ ,one ,then ,_)) asked))
            (duo-lsp-channel-heard 'duo/chat/chunk
                                   (list :id (plist-get (aref (plist-get one :arguments) 0) :id) :text "First"))
            (funcall fails "There is no way.")
            (funcall then '(:answer "First answer.")))
          (should (string-match-p "> one\\?\n\nFirst answer\\.\n\n## .*\n\n> two\\?\n\n\\*There is no way\\.\\*\n\\'"
                                  (conversation))))
      (kill-buffer "*Duo Chat*"))))

(ert-deftest the-mode-line-says-how-it-is ()
  (dolist (pair '((nil . " Duo?") ("local" . " Duo") ("paused" . " Duo-") ("starting" . " Duo~") ("signedOut" . " Duo!")))
    (let ((duo-lsp-channel-status (list :state (car pair) :sentence "It is so." :remedy "Do this.")))
      (should (equal (substring-no-properties (duo-lsp--lighter)) (cdr pair))))))

(provide 'duo-lsp-test)
;;; duo-lsp-test.el ends here
