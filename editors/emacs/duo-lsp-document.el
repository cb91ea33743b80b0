;;; duo-lsp-document.el --- A buffer as the server sees it -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT

;;; Commentary:

;; Part of duo-lsp.  Names, places and changes of a buffer in the words of the
;; language server protocol.  Columns are counted in characters (utf-32), which
;; is what Emacs counts too; the server takes the first encoding it is offered,
;; and Emacs' clients all offer that one first.

;;; Code:

(require 'project)
(require 'subr-x)
(require 'url-util)

(defcustom duo-lsp-languages
  '((js . "javascript") (js2 . "javascript") (js-json . "json") (tsx . "typescriptreact") (sh . "shellscript")
    (bash . "shellscript") (c++ . "cpp") (c-or-c++ . "cpp") (cperl . "perl") (enh-ruby . "ruby") (rustic . "rust")
    (emacs-lisp . "elisp") (mhtml . "html") (html-erb . "erb") (nxml . "xml") (conf-toml . "toml")
    (makefile-gmake . "makefile") (gfm . "markdown") (tuareg . "ocaml") (python . "python") (objc . "objective-c"))
  "What the language server protocol calls the language of a major mode.
Each key is a mode's name without `-ts-mode' and `-mode'; a mode that is not
named here has the language's name in its own."
  :type '(alist :key-type symbol :value-type string)
  :group 'duo-lsp)

(defcustom duo-lsp-largest-buffer 2000000
  "Characters of the largest buffer that the server is told about."
  :type 'natnum
  :group 'duo-lsp)

(defvar-local duo-lsp-document--shadow nil
  "The buffer that holds the text as the server knows it.")
(defvar-local duo-lsp-document--changed nil
  "What may differ from the shadow, or nil.
A cons: the place where the first change began, and how many characters at
the buffer's end were never touched.")
(defvar-local duo-lsp-document--size 0
  "Characters of the buffer after the last change that was seen.")
(defvar-local duo-lsp-document--version 0
  "How often the server was told about a change.")

(defun duo-lsp-document-p ()
  "Whether the server can be told about this buffer."
  (and buffer-file-name
       (not (buffer-base-buffer))
       (not (file-remote-p buffer-file-name))
       enable-multibyte-characters
       (<= (buffer-size) duo-lsp-largest-buffer)))

(defun duo-lsp-document-uri (&optional path)
  "The address of PATH, or of the file of this buffer."
  (let ((path (expand-file-name (or path buffer-file-name))))
    (concat "file://" (and (not (string-prefix-p "/" path)) "/")
            (url-hexify-string path url-path-allowed-chars))))

(defun duo-lsp-document-path (uri)
  "The path that URI stands for."
  (let ((path (decode-coding-string (url-unhex-string (string-remove-prefix "file://" uri)) 'utf-8)))
    (if (string-match-p "\\`/[A-Za-z]:" path) (substring path 1) path)))

(defun duo-lsp-document-root ()
  "The folder of the project that this buffer belongs to, or nil."
  (when-let* ((project (project-current)))
    (directory-file-name (expand-file-name (project-root project)))))

(defun duo-lsp-document-language ()
  "The language of this buffer, as the protocol names it."
  (let ((name (replace-regexp-in-string "\\(?:-ts\\)?-mode\\'" "" (symbol-name major-mode))))
    (or (get major-mode 'eglot-language-id)
        (alist-get (intern name) duo-lsp-languages)
        name)))

(defun duo-lsp-document-position (place)
  "The line and character of PLACE in this buffer, both from 0."
  (save-excursion
    (save-restriction
      (widen)
      (goto-char place)
      (list :line (1- (line-number-at-pos nil t)) :character (- (point) (pos-bol))))))

(defun duo-lsp-document-point (position)
  "The place of the protocol's POSITION in this buffer."
  (save-excursion
    (save-restriction
      (widen)
      (goto-char (point-min))
      (forward-line (plist-get position :line))
      (min (+ (point) (plist-get position :character)) (pos-eol)))))

(defun duo-lsp-document-range (begin end)
  "What lies between BEGIN and END, in the words of the protocol."
  (list :start (duo-lsp-document-position begin) :end (duo-lsp-document-position end)))

(defun duo-lsp-document-text (begin end)
  "The text from BEGIN to END.
A mark stands for each character that JSON has no room for."
  (replace-regexp-in-string "[\xD800-\xDFFF\x110000-\x3FFF7F\x3FFF80-\x3FFFFF]" "\uFFFD" (buffer-substring-no-properties begin end)))

(defun duo-lsp-document-item ()
  "This buffer as `textDocument/didOpen' wants it, watched from now on."
  (duo-lsp-document-forget)
  (add-hook 'after-change-functions #'duo-lsp-document--note nil t)
  (let ((shadow (generate-new-buffer " *duo-lsp shadow*" t)))
    (with-current-buffer shadow (setq buffer-undo-list t))
    (setq duo-lsp-document--shadow shadow
          duo-lsp-document--version (1+ duo-lsp-document--version)))
  (list :uri (duo-lsp-document-uri)
        :languageId (duo-lsp-document-language)
        :version duo-lsp-document--version
        :text (duo-lsp-document--whole)))

(defun duo-lsp-document-changes ()
  "What `textDocument/didChange' has to say to the server, or nil."
  (when (and (or duo-lsp-document--changed (/= duo-lsp-document--size (buffer-size)))
             (buffer-live-p duo-lsp-document--shadow))
    (pcase-let* ((`(,begin . ,tail) duo-lsp-document--changed)
                 (change (if (= duo-lsp-document--size (buffer-size))
                             (save-restriction (widen) (duo-lsp-document--change begin tail))
                           ;; a program changed the text with the hooks switched off
                           (list :text (duo-lsp-document--whole)))))
      (setq duo-lsp-document--changed nil
            duo-lsp-document--version (1+ duo-lsp-document--version))
      (list :textDocument (list :uri (duo-lsp-document-uri) :version duo-lsp-document--version)
            :contentChanges (vector change)))))

(defun duo-lsp-document-forget ()
  "Watch this buffer no more."
  (remove-hook 'after-change-functions #'duo-lsp-document--note t)
  (when (buffer-live-p duo-lsp-document--shadow)
    (kill-buffer duo-lsp-document--shadow))
  (setq duo-lsp-document--shadow nil
        duo-lsp-document--changed nil))

(defun duo-lsp-document--note (begin end length)
  "Remember that the text from BEGIN to END is new, in the place of LENGTH."
  (setq duo-lsp-document--size (+ duo-lsp-document--size (- end begin length)))
  (let ((tail (- (1+ (buffer-size)) end)))
    (setq duo-lsp-document--changed
          (if duo-lsp-document--changed
              (cons (min begin (car duo-lsp-document--changed)) (min tail (cdr duo-lsp-document--changed)))
            (cons begin tail)))))

(defun duo-lsp-document--change (begin tail)
  "One edit that puts what stands now between BEGIN and the last TAIL.
TAIL is a number of characters."
  (let ((new (duo-lsp-document-text begin (- (point-max) tail))))
    (with-current-buffer duo-lsp-document--shadow
      (let* ((end (- (point-max) tail))
             (range (duo-lsp-document-range begin end)))
        (goto-char begin)
        (delete-region begin end)
        (insert new)
        (list :range range :text new)))))

(defun duo-lsp-document--whole ()
  "All of this buffer, as it then stands in the shadow too."
  (save-restriction
    (widen)
    (let ((text (duo-lsp-document-text (point-min) (point-max))))
      (with-current-buffer duo-lsp-document--shadow
        (erase-buffer)
        (insert text))
      (setq duo-lsp-document--size (length text))
      text)))

(provide 'duo-lsp-document)
;;; duo-lsp-document.el ends here
