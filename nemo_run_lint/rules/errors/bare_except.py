from nemo_run_lint.nemo.handling import Handler
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class BareExcept(Rule):
    """`except:` in a task also catches what is meant to stop it.

    It catches SystemExit and KeyboardInterrupt beside real errors: `sys.exit(1)` inside the `try` no longer fails the
    job, and a job that is told to stop goes on. Looked at are the functions that run as jobs.

    Not reported where every way through the handler ends in `raise` or a non-zero exit. The fix is unsafe: what is to
    stop the job is not caught any more.

    Bad:

        import logging
        import sys

        def work(data):
            try:
                if not data:
                    sys.exit(1)
                print(data)
            except:
                logging.exception("Reading failed")

        if __name__ == "__main__":
            with run.Experiment("llama-pretraining", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(work, data=""), name="read-data")
                exp.run()

    Good:

        import logging
        import sys

        def work(data):
            try:
                if not data:
                    sys.exit(1)
                print(data)
            except Exception:
                logging.exception("Reading failed")
                raise

        if __name__ == "__main__":
            with run.Experiment("llama-pretraining", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(work, data=""), name="read-data")
                exp.run()
    """

    code = "NRL503"
    fails = Phase.SILENT
    message = "`except:` in {what} also catches SystemExit and KeyboardInterrupt"
    help = "write `except Exception:`, or the exceptions that you expect"

    def check(self, handler: Handler, file: File) -> Reports:
        if handler.node.type is None and not handler.ways <= {"raises", "exits"}:
            edit = NodeEdit(handler.node, " Exception", "behind the header")
            fix = NodeFix("write `except Exception:`", (edit,), safe=False)
            yield self.at(handler.node, fix=fix, what=handler.job.what)
