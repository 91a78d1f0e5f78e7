import re

from nemo_run_lint.nemo.executor import Settings
from nemo_run_lint.project import File
from nemo_run_lint.rule import Reports, Rule
from nemo_run_lint.syntax.values import text

_MOVING = ("latest", "main", "master", "dev", "nightly", "stable")


class FloatingImageTag(Rule):
    """An image without a fixed tag is another image next month, and the experiment cannot be repeated.

    Reported for `container_image` (`image` of KubeflowExecutor) without a tag, or with one that moves, such as `latest`
    or `nightly`. Image files (`/images/nemo.sqsh`) and digests (`@sha256:...`) are fine. On in the strict profile only.

    Bad:

        import nemo_run as run

        executor = run.DockerExecutor(container_image="nvcr.io/nvidia/nemo:latest")

    Good:

        import nemo_run as run

        executor = run.DockerExecutor(container_image="nvcr.io/nvidia/nemo:25.09")
    """

    code = "NRL672"
    strict = True
    message = "the image `{image}` {problem}: the experiment cannot be repeated"
    help = "name a version or a digest"

    def check(self, settings: Settings, file: File) -> Reports:
        for setting in settings.given if settings.is_executor else ():
            image = text(file.values.value(setting.value)) if setting.name in ("container_image", "image") else None
            if not image or re.search(r"@sha256:|\.sqsh$|\.sif$|^[/~.$<]|[{}]", image):
                continue
            tag = image.rpartition("/")[2].partition(":")[2]
            if not tag:
                yield self.at(setting.value, image=image, problem="has no tag")
            elif tag in _MOVING:
                yield self.at(setting.value, image=image, problem=f"has a tag that moves, `{tag}`")
