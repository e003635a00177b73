"""What fuzzing reached: for each target inputs that all run code which the others do not.

``python -m tests.fuzz.corpora TARGET FOLDER`` packs a folder of them, as libFuzzer's ``-merge=1
-use_counters=0`` leaves it, in the place of the target's. Fuzzing goes on from there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

CORPUS = Path(__file__).with_name("corpus")


def corpus(target: str) -> Iterator[bytes]:
    """The inputs of a target, the small ones first; none if it has not been fuzzed."""
    file = CORPUS / f"{target}.zip"
    if file.is_file():
        with ZipFile(file) as packed:
            for name in packed.namelist():
                yield packed.read(name)


def pack(target: str, folder: Path) -> Path:
    """Keep the files of a folder as a target's inputs; the same files make the same archive."""
    CORPUS.mkdir(exist_ok=True)
    inputs = sorted(
        (file.read_bytes() for file in folder.iterdir()), key=lambda each: (len(each), each)
    )
    packed = CORPUS / f"{target}.zip"
    with ZipFile(packed, "w") as archive:
        for number, content in enumerate(inputs):
            archive.writestr(ZipInfo(str(number)), content, ZIP_DEFLATED, 9)
    return packed


if __name__ == "__main__":
    print(pack(sys.argv[1], Path(sys.argv[2])))
