;;; duo-lsp.el --- GitLab Duo suggestions and chat -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT
;; Version: 0.1.0
;; Package-Requires: ((emacs "29.1"))
;; Keywords: convenience, languages, tools
;; URL: https://gitlab.com/duo-lsp/duo-lsp

;;; Commentary:

;; Code suggestions as ghost text and a chat beside your code, from GitLab Duo
;; or from an engine on your own machine, through the language server duo-lsp.
;;
;; Turn on `duo-lsp-mode' where you write code:
;;
;;     (use-package duo-lsp
;;       :hook (prog-mode . duo-lsp-mode)
;;       :bind (("C-c d e" . duo-lsp-explain)
;;              ("C-c d a" . duo-lsp-ask)))
;;
;; It has a connection of its own, so the servers that Eglot or lsp-mode run
;; stay as they are.  While a suggestion shows, TAB takes it, M-f a word of it,
;; C-e its line, M-n and M-p show others, C-g takes it away.
;;
;; Commands: `duo-lsp-ask', `duo-lsp-explain', `duo-lsp-fix', `duo-lsp-tests',
;; `duo-lsp-refactor' and `duo-lsp-chat' for the conversation;
;; `duo-lsp-complete', `duo-lsp-toggle', `duo-lsp-status', `duo-lsp-login',
;; `duo-lsp-logout', `duo-lsp-doctor' and `duo-lsp-restart' for the rest.
;; Settings: M-x customize-group RET duo-lsp RET.
;;
;; Not affiliated with GitLab.

;;; Code:

(require 'comint)
(require 'duo-lsp-channel)
(require 'duo-lsp-chat)
(require 'duo-lsp-ghost)
(require 'duo-lsp-server)

;; for who loads this file without having installed a package
(autoload 'duo-lsp-eglot-register "duo-lsp-eglot")
(autoload 'duo-lsp-lsp-mode-register "duo-lsp-lsp-mode")

(defgroup duo-lsp nil
  "Code suggestions and chat from GitLab Duo, or from this machine."
  :group 'convenience
  :group 'tools
  :prefix "duo-lsp-")

(defcustom duo-lsp-start-delay 0.5
  "Idle seconds from turning on `duo-lsp-mode' until the server is told."
  :type 'number)

(defconst duo-lsp--quiet-states '("ready" "local")
  "States that need no mark in the mode line.")
(defconst duo-lsp--passing-states '("starting" "limited" "offline" "slow")
  "States that end by themselves.")

(defvar-local duo-lsp--timer nil
  "Fires when the server shall serve this buffer.")

;;;###autoload
(define-minor-mode duo-lsp-mode
  "Suggestions from GitLab Duo, or from this machine, as ghost text.
\\<duo-lsp-ghost-map>While there is one, \\[duo-lsp-accept] takes it and \\[duo-lsp-next] brings another."
  :lighter (:eval (duo-lsp--lighter))
  :group 'duo-lsp
  (when (timerp duo-lsp--timer) (cancel-timer duo-lsp--timer))
  (if duo-lsp-mode (duo-lsp--on) (duo-lsp--off)))

;;;###autoload
(define-globalized-minor-mode duo-lsp-global-mode duo-lsp-mode duo-lsp--on-in-code
  :group 'duo-lsp)

(defun duo-lsp--on-in-code ()
  "Turn on `duo-lsp-mode' where code is written."
  (when (derived-mode-p 'prog-mode)
    (duo-lsp-mode 1)))

(defun duo-lsp--on ()
  "Begin in this buffer."
  (duo-lsp-ghost-on)
  (add-hook 'kill-buffer-hook #'duo-lsp--off nil t)
  (add-hook 'change-major-mode-hook #'duo-lsp--off nil t)
  ;; a moment later: Eglot or lsp-mode may be about to bring the server themselves
  (setq duo-lsp--timer (run-with-idle-timer duo-lsp-start-delay nil #'duo-lsp--serve (current-buffer))))

(defun duo-lsp--off ()
  "End in this buffer."
  (when (timerp duo-lsp--timer) (cancel-timer duo-lsp--timer))
  (duo-lsp-ghost-off)
  (duo-lsp-server-close))

(defun duo-lsp--serve (buffer)
  "See to it that BUFFER is served."
  (when (buffer-live-p buffer)
    (with-current-buffer buffer
      (when duo-lsp-mode (duo-lsp-channel)))))

;; the last one, after those that Eglot and lsp-mode bring
(add-hook 'duo-lsp-channel-functions #'duo-lsp-server-channel 90)

;;; The mode line

(defun duo-lsp--lighter ()
  "The server's state in a few letters; the sentence behind it on hover."
  (let* ((status duo-lsp-channel-status)
         (state (plist-get status :state))
         (mark (cond ((null state) "?")
                     ((member state duo-lsp--quiet-states) "")
                     ((member state duo-lsp--passing-states) "~")
                     ((string-prefix-p "paused" state) "-")
                     ((equal state "off") "-")
                     (t "!"))))
    (propertize (concat " Duo" mark)
                'help-echo (if state (duo-lsp--sentences status) "The server does not run, or is starting.")
                'mouse-face 'mode-line-highlight
                'local-map (make-mode-line-mouse-map 'mouse-1 #'duo-lsp-status))))

(defun duo-lsp--sentences (status)
  "The sentences of STATUS."
  (string-trim (concat (plist-get status :sentence) " " (plist-get status :remedy))))

;;; Commands

(defun duo-lsp-complete ()
  "Ask for a suggestion at once, wherever suggestions are paused or off."
  (interactive)
  (let ((channel (duo-lsp-channel-or-lose)))
    (duo-lsp-ghost-clear)
    (duo-lsp-ghost-ask
     t (lambda ()
         (unless duo-lsp-ghost-mode
           (duo-lsp-channel-command
            channel "duo.status" nil
            (lambda (status) (message "Duo: nothing to suggest here. %s" (or (plist-get status :silence) "")))))))))

;;;###autoload
(defun duo-lsp-status ()
  "Say what is going on, and why there is no suggestion."
  (interactive)
  (duo-lsp-channel-command
   (duo-lsp-server-somewhere) "duo.status" nil
   (lambda (status)
     (let ((silence (plist-get status :silence)))
       (message "Duo: %s%s" (duo-lsp--sentences status)
                (if (member silence '(nil "")) "" (concat " " silence)))))))

;;;###autoload
(defun duo-lsp-toggle (&optional here)
  "Pause suggestions, or go on; with a prefix argument HERE, in this buffer only."
  (interactive "P")
  (let* ((channel (if here (duo-lsp-channel-or-lose) (duo-lsp-server-somewhere)))
         (uri (and here (duo-lsp-channel-flush channel))))
    (duo-lsp-ghost-clear)
    (duo-lsp-channel-command
     channel "duo.toggle" (and uri (list :uri uri))
     (lambda (status)
       (message "Duo: %s" (if uri (duo-lsp--said-here status uri) (duo-lsp--sentences status)))))))

(defun duo-lsp--said-here (status uri)
  "The sentence of STATUS about the buffer at URI alone."
  (let ((paused (seq-some (lambda (one) (and (equal (plist-get one :name) uri) (not (eq (plist-get one :on) t))))
                          (plist-get status :toggled))))
    (if paused "suggestions are paused in this buffer" "suggestions go on in this buffer")))

;;;###autoload
(defun duo-lsp-login ()
  "Sign in: a page opens, and a buffer asks for the token without showing it.
Where there is a token already that was not used, it is used."
  (interactive)
  (duo-lsp-channel-command
   (duo-lsp-server-somewhere) "duo.signIn" nil
   (lambda (answer)
     (unless (eq (plist-get answer :signedIn) t)
       (duo-lsp--ask-for-token (append (plist-get answer :command) nil))))))

(defun duo-lsp--ask-for-token (command)
  "Run COMMAND, which asks for a token, in a buffer."
  (let ((buffer (apply #'make-comint-in-buffer "duo-lsp login" nil (car command) nil (cdr command))))
    (with-current-buffer buffer
      (setq-local comint-password-prompt-regexp "Token.*: *\\'"))
    (pop-to-buffer buffer)))

;;;###autoload
(defun duo-lsp-logout ()
  "Sign out of the GitLab instance."
  (interactive)
  (duo-lsp-channel-command (duo-lsp-server-somewhere) "duo.signOut" nil))

;;;###autoload
(defun duo-lsp-doctor ()
  "Show the report of `duo-lsp doctor': settings, token, connection."
  (interactive)
  (let ((process-environment (append duo-lsp-environment process-environment))
        (buffer (get-buffer-create "*duo-lsp doctor*")))
    (with-current-buffer buffer
      (let ((inhibit-read-only t)) (erase-buffer))
      (special-mode)
      (visual-line-mode 1))
    (make-process :name "duo-lsp doctor"
                  :buffer buffer
                  :command (append duo-lsp-command '("doctor"))
                  :connection-type 'pipe
                  :filter #'duo-lsp--append
                  :sentinel #'ignore
                  :noquery t)
    (pop-to-buffer buffer)))

(defun duo-lsp--append (process text)
  "Put TEXT at the end of the buffer of PROCESS."
  (when (buffer-live-p (process-buffer process))
    (with-current-buffer (process-buffer process)
      (let ((inhibit-read-only t))
        (save-excursion
          (goto-char (point-max))
          (insert text))))))

;;;###autoload
(defun duo-lsp-restart ()
  "End the server and start it again."
  (interactive)
  (duo-lsp-server-restart))

(provide 'duo-lsp)
;;; duo-lsp.el ends here
