"""A disk that is full or may not be written is told by its name, wherever it is met."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from sop_pipeline.disk import in_words, telling
from sop_pipeline.errors import BadInput

LIMITED = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))  # the system refuses to write more, as a full disk does
import numpy, pyarrow
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest import snapshot
from sop_pipeline.lake import Lake
folder, what = Path(sys.argv[1]), sys.argv[2]
lake, cycle = Lake(folder / "lake"), Cycle.parse("2026-11")
try:
    if what == "table":
        lake.write("sales", pyarrow.table({"n": numpy.random.default_rng(1).random(50_000)}), cycle, "a")
    else:
        from sop_pipeline import config
        snapshot(config.load(folder), folder, cycle, lake)
except BadInput as error:
    print(error)
print([str(path.relative_to(folder)) for path in (folder / "lake").rglob("*") if path.is_file()])
"""


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (errno.ENOSPC, r"lake: found a full disk \([\d,]+ MB free of [\d,]+ MB\); needed room to write\. Make room"),
        (errno.EDQUOT, r"found a full disk"),
        (errno.EROFS, r"found a read-only file system; needed a folder that may be written"),
        (errno.EACCES, r"found no permission; needed a file or folder that this user may read and write"),
        (errno.EIO, r"found input/output error; needed a file or folder that can be read and written"),
    ],
)
def test_what_the_system_says_becomes_a_sentence_with_the_place(tmp_path, code, told):
    import os

    with pytest.raises(BadInput, match=told), telling(tmp_path / "lake"):
        raise OSError(code, os.strerror(code))


def test_the_place_is_the_one_the_error_names():
    assert in_words(PermissionError(errno.EACCES, "Permission denied", "/there/file.csv"), Path("/here")).where == (
        "/there/file.csv"
    )


@pytest.mark.parametrize("what", ["table", "snapshot"])
def test_a_lake_that_cannot_be_written_is_not_taken_for_a_source_that_cannot_be_read(tmp_path, what):
    (tmp_path / "sop.yaml").write_text("company: Acme\nsources: {products: products.csv, sales: sales.csv}\n")
    (tmp_path / "products.csv").write_text("product_id\nP1\n")
    (tmp_path / "sales.csv").write_text("date,product_id,quantity\n" + "2026-10-01,P1,1\n" * 5000)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path), what], capture_output=True, text=True, check=True
    )
    told, left = done.stdout.splitlines()
    assert "found a full disk" in told
    assert f"{tmp_path}/lake/" in told
    assert "sop.yaml" not in told
    assert "part" not in left


def test_a_command_ends_with_a_sentence_when_its_folder_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    done = subprocess.run(
        [sys.executable, "-m", "sop_pipeline.cli", "init", str(tmp_path / "file" / "acme")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(f"sop: {tmp_path / 'file'}")
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
