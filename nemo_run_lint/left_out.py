"""Mistakes that no rule reports, with the reason, and other names of those that one does; both end up in rules.md."""

from __future__ import annotations

#: From a mistake's name to why there is no rule for it, in a sentence without a full stop.
LEFT_OUT = {
    "changed-default": "no release of NeMo Run has changed a default so far; a test watches that",
    "exit-code-ignored": "costs more false alarms than it saves: every script ends with 0 when its jobs fail, and few"
    " are asked for more",
    "instance-of-imported-class": "cannot be decided from text: whether an object can be saved is written in the module"
    " that defines its class",
    "mutable-default-argument": "what is lost through one is reported by default-appended, the rest by other linters",
    "name-collides-when-shortened": "cannot be decided from text: how much of a name is kept depends on the cloud and"
    " on the number that the experiment gets",
    "passthrough-packager-remote": "cannot be decided from text: the code may be in the container already",
    "reserved-parameter-name": "not written yet: a parameter with the name of a method of run.Config, such as `clone`",
    "sequential-goes-on": "works as written: only Slurm keeps a task back, which dependency-not-enforced says where it"
    " matters",
    "sibling-import": "cannot be decided from text: it fails only when the script is started from another directory",
    "tensor-library-value": "what numpy makes is reported by unserializable-value; torch's types can be saved where"
    " NeMo is installed",
    "uncommitted-code": "cannot be decided from text: what GitArchivePackager packs is known to git",
    "unvalidated-config": "cannot be decided from text: whether a value needs a check, and what counts as one, depends"
    " on the function",
}

#: From another name of a mistake to the rules that report it.
COVERED = {
    "autoconvert-construct": (
        "autoconvert-control-flow",
        "autoconvert-definition",
        "autoconvert-builtin-call",
        "autoconvert-object-use",
    ),
    "autoconvert-fstring-call": ("autoconvert-string-call",),
    "bad-import": ("unknown-import",),
    "builtin-type-value": ("unserializable-value",),
    "called-not-configured": ("config-target",),
    "called-target": ("config-target",),
    "changed-after-add": ("change-after-add",),
    "class-as-task": ("class-task",),
    "cli-future-annotations": ("future-annotations-with-cli",),
    "cli-implicit-optional": ("implicit-optional",),
    "cli-literal-not-str": ("cli-unparsable-type",),
    "cli-param-executor": ("cli-parameter-executor",),
    "cli-param-kind": ("cli-parameter-kind",),
    "cli-param-run-prefix": ("cli-parameter-run-prefix",),
    "cli-param-untyped": ("untyped-parameter",),
    "cli-pep604-union": ("cli-unparsable-type",),
    "cli-unsupported-type": ("cli-unparsable-type",),
    "config-aliased": ("shared-config",),
    "config-dict": ("config-of-dict",),
    "config-has-no-method": ("unknown-method",),
    "config-list-multiplied": ("shared-config",),
    "config-not-partial": ("config-as-task",),
    "config-of-instance": ("config-target",),
    "dataclass-not-converted": ("instance-argument",),
    "decorator-without-wraps": ("wrapped-target",),
    "default-mutated-through-config": ("default-appended",),
    "default-time": ("slurm-default-time",),
    "documented-but-invented": ("experiment-arguments", "unknown-attribute", "unknown-method"),
    "exception-swallowed": ("swallowed-exception",),
    "executor-not-an-instance": ("executor-argument",),
    "factory-target-arg": ("factory-target-argument",),
    "group-without-name": ("group-misuse",),
    "instance-in-config": ("instance-argument",),
    "invalid-name": ("name-characters",),
    "logging-not-configured": ("unconfigured-logging",),
    "main-function-on-cluster": ("task-in-launch-script",),
    "missing-annotation": ("untyped-parameter", "untyped-return"),
    "missing-docstring": (
        "undocumented-entrypoint",
        "undocumented-experiment",
        "undocumented-factory",
        "undocumented-task",
    ),
    "name-style": ("inconsistent-name-style", "name-characters"),
    "naming-convention": ("inconsistent-name-style", "name-characters"),
    "nan-value": ("unserializable-value",),
    "nested-target": ("local-function-target",),
    "no-error-handling": ("unguarded-training",),
    "not-a-task": ("task-argument",),
    "notebook-task": ("task-in-launch-script",),
    "outside-experiment": ("experiment-outside-with",),
    "removed-in-version": ("unknown-attribute", "unknown-field", "unknown-import", "unknown-method"),
    "relative-import": ("relative-import-in-launcher",),
    "result-ignored": ("result-is-none",),
    "run-in-loop": ("experiment-run-twice",),
    "run-twice": ("experiment-run-twice",),
    "script-command-as-path": ("script-text-as-path",),
    "secret-in-env": ("secret-literal",),
    "status-returned": ("return-code",),
    "target-rebound": ("rebound-target",),
    "task-never-runs": ("async-task", "generator-task"),
    "unknown-method-or-keyword": ("unknown-method", "unknown-field"),
    "unset-parameter-read": ("attribute-of-no-config",),
    "unserializable-callable": ("lambda-in-config", "local-function-target", "method-target", "builtin-target"),
    "use-before-build": ("config-called", "config-in-string", "isinstance-of-config", "unknown-method"),
}
