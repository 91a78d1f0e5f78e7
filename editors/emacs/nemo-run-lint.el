;;; nemo-run-lint.el --- NeMo Run experiments linted by eglot  -*- lexical-binding: t; -*-

;; Copy it into your `load-path' and (require 'nemo-run-lint). Eglot comes with Emacs 29; before that it is a package.
;; Eglot speaks with one server a buffer: in buffers where that is to be another one, leave this out and use flymake with
;; the command line instead.

;;; Code:

(require 'eglot)

(defvar nemo-run-lint-command '("nemo-run-lint" "server")
  "The command that starts the server.")

(defvar nemo-run-lint-settings nil
  "What the server is set to, as a plist: (:run \"onSave\" :config [\"profile = \\\"strict\\\"\"]).")

(add-to-list 'eglot-server-programs
             (cons 'python-mode
                   (lambda (&optional _interactive)
                     (append nemo-run-lint-command
                             (and nemo-run-lint-settings
                                  (list :initializationOptions nemo-run-lint-settings))))))

(add-hook 'python-mode-hook #'eglot-ensure)

(defun nemo-run-lint-fix ()
  "Fix all that is safe."
  (interactive)
  (eglot-code-actions (point-min) (point-max) "source.fixAll.nemoRunLint" t))

(provide 'nemo-run-lint)
;;; nemo-run-lint.el ends here
