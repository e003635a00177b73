"""The compiler: the stages in a row, self-debug, and the consensus of several samples."""

from nl2efg.pipeline.compilation import Compilation
from nl2efg.pipeline.compiler import compile, compile_async
from nl2efg.pipeline.descriptions import check_description
from nl2efg.pipeline.examples import Example, example, examples
from nl2efg.pipeline.folder import write_folder
from nl2efg.pipeline.options import Options
from nl2efg.pipeline.replies import compile_reply

__all__ = [
    "Compilation",
    "Example",
    "Options",
    "check_description",
    "compile",
    "compile_async",
    "compile_reply",
    "example",
    "examples",
    "write_folder",
]
