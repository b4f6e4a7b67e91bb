"""A run on Spark, for real on two local threads: the bytes of the single-machine run, whatever happens to a worker."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
import spark_jobs
from typer.testing import CliRunner

from extractor.errors import InputError, ModelError, OutputError
from extractor.reading.units import Settings
from extractor.tables import tomllib

pytest.importorskip("pyspark", reason="needs the extra spark")
if not os.environ.get("JAVA_HOME") and shutil.which("java") is None:
    pytest.skip("Spark needs Java, and there is none", allow_module_level=True)
pytestmark = pytest.mark.filterwarnings(
    "ignore:PySpark does not yet fully support pandas:FutureWarning",
)

from extractor.cli import spark as spark_command  # noqa: E402
from extractor.outputs.read_back import rows_in  # noqa: E402
from extractor.outputs.stored import read_records  # noqa: E402
from extractor.spark import run as spark  # noqa: E402
from extractor.spark import work as spark_work  # noqa: E402

ROOT = Path(__file__).parent.parent
TEXT = "Kent Police seized {n} knives on Friday.\n\nInspector Ada Marsh said: “{n} blades are off the street.”\n"


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """One session for all tests; its workers find the jobs of this folder."""
    patch = pytest.MonkeyPatch()
    patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(ROOT / "tests")]))
    patch.setenv("SPARK_LOCAL_DIRS", str(tmp_path_factory.mktemp("spark")))
    patch.setitem(spark._SQL_CONFIG, "spark.sql.execution.arrow.maxRecordsPerBatch", "20")
    session = spark._built("local[2]")
    assert session.sparkContext.master == "local[2,4]"
    yield session
    session.stop()
    patch.undo()


def lines():
    """Rows of all kinds, good and bad."""
    for n in range(300):
        row = {"id": f"doc-{n}", "text": TEXT.format(n=n + 2), "published": f"2024-05-{1 + n % 28:02}", "title": None}
        if n % 50 == 3:
            del row["id"]
        if n % 60 == 4:
            row["text"] = None
        if n % 90 == 7:
            row["published"] = "soon"
        if n % 70 == 5:
            yield b'{"id": "broken", "text": \n'
        elif n % 80 == 6:
            yield b" \n"
        elif n == 100:
            yield '{"id": "old", "text": "It’s £5,000 that was seized."}\n'.encode("cp1252")
        elif n == 110:
            yield b'["a", "list"]\r\n'
        else:
            yield json.dumps(row, ensure_ascii=n % 2 == 0).encode() + b"\n"


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """A folder of rows in every form that Spark reads here, and of what it does not."""
    import pyarrow as pa
    from pyarrow import parquet

    folder = tmp_path_factory.mktemp("in put")
    index = tomllib.loads((ROOT / "corpus" / "index.toml").read_text("utf-8"))["release"]
    with gzip.open(folder / "Corpus.JSONL.gz", "wt", encoding="utf-8") as file:
        for row in index:
            text = (ROOT / "corpus" / row["id"]).with_suffix(".txt").read_text("utf-8")
            file.write(json.dumps({**row, "text": text}, default=str) + "\n")
    (folder / "rows.jsonl").write_bytes(b"\xef\xbb\xbf" + b"".join(lines()))
    (folder / "empty.jsonl").write_bytes(b"\n  \n")
    days = [datetime(2024, 5, 6, 23, 30), None, datetime(2024, 5, 7), None]
    texts = ["Three men were arrested on Monday.", None, "Two knives were seized.", "Nothing."]
    (folder / "more").mkdir()
    table = pa.table({"id": [1, 2, None, 4], "text": texts, "published": days, "date": ["2020-01-01"] * 4})
    parquet.write_table(table, folder / "more" / "table.parquet")
    (folder / "more" / "notes.xyz").write_text("not read")
    return folder


@pytest.fixture(scope="module")
def single(inputs, tmp_path_factory):
    """What the run on one machine makes of the inputs: records, failures, summary."""
    output = tmp_path_factory.mktemp("single") / "out.jsonl"
    words = [sys.executable, "-m", "extractor", "run", str(inputs), "-o", str(output), "--json", "-w", "1"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, env=env, capture_output=True, check=False, timeout=300)
    assert done.returncode == 1, done.stderr
    return output.read_bytes(), output.with_name("out.failures.jsonl").read_bytes(), json.loads(done.stdout)


def parts(output, kind):
    return b"".join(part.read_bytes() for part in sorted(output.glob(f"kind={kind}/part-*")))


def failed(output):
    return [row for table, row in rows_in(output) if table == "failures"]


def plan(inputs, output, **options):
    return spark.Plan([str(inputs)], str(output), **options)


def use(monkeypatch, job, **options):
    monkeypatch.setattr(spark_work, "Job", partial(job, **options))


def test_lines_are_those_of_the_run_on_one_machine(session, inputs, single, tmp_path):
    records, failures, summary = single
    output = tmp_path / "out.jsonl"
    tally, remarks = spark.run(plan(inputs, output))
    assert (parts(output, "records"), parts(output, "failures")) == (records, failures)
    same = ("documents", "ok", "failed", "found", "warnings", "words", "failed_by_code", "failures")
    told = tally.as_json()
    assert {key: told[key] for key in same} == {key: summary[key] for key in same}
    assert tally.documents == 15 + 296 + 1 + 4  # the corpus, lines that are not blank, a file without rows, a table
    assert any("more/notes.xyz" in remark for remark in remarks)
    assert len(list(output.glob("kind=records/part-*"))) == 2
    assert [record.release.model_dump_json() for record in read_records(output)] == records.decode().splitlines()
    assert failed(output) == [tuple(json.loads(line).values()) for line in failures.splitlines()]
    (output / "_SUCCESS").unlink()
    with pytest.raises(InputError, match="not a whole output"):
        read_records(output)


def test_a_killed_worker_loses_and_doubles_nothing(session, inputs, single, tmp_path, monkeypatch):
    use(monkeypatch, spark_jobs.KilledJob, folder=str(tmp_path))
    output = tmp_path / "out.jsonl"
    tally, _ = spark.run(plan(inputs, output))
    assert (tmp_path / "70").exists()
    assert (tmp_path / "250").exists()
    assert (parts(output, "records"), parts(output, "failures")) == single[:2]
    assert tally.words == single[2]["words"]
    assert not list(output.rglob("_temporary"))


def test_a_job_that_fails_leaves_nothing_behind(session, inputs, tmp_path, monkeypatch):
    old = tmp_path / "old.parquet"
    spark.run(plan(inputs / "more", old))
    before = {path.name: path.read_bytes() for path in old.iterdir()}
    use(monkeypatch, spark_jobs.BrokenJob)
    with pytest.raises(ModelError, match=r"^no such model$"):
        spark.run(plan(inputs, tmp_path / "new.jsonl"))
    with pytest.raises(ModelError, match="no such model"):
        spark.run(plan(inputs, old, force=True))
    assert [path.name for path in tmp_path.iterdir()] == ["old.parquet"]
    assert {path.name: path.read_bytes() for path in old.iterdir()} == before


def test_a_table_has_records_and_failures_in_order(session, inputs, single, tmp_path):
    output = tmp_path / "out.parquet"
    tally, _ = spark.run(plan(inputs, output, limit=40))
    rows = session.read.parquet(str(output)).collect()
    assert [row.record for row in rows if row.record] == single[0].decode().splitlines()[: tally.ok]
    assert [row.message for row in rows if row.error] == [f["message"] for f in single[2]["failures"]][: tally.failed]
    assert (len(rows), tally.documents) == (40, 40)
    assert [record.id for record in read_records(output)] == [row.id for row in rows if row.record]
    assert failed(output) == [(row.id, row.error, row.message) for row in rows if row.error]


def test_an_output_is_replaced_only_when_asked_and_only_if_it_is_one(session, inputs, tmp_path):
    output = tmp_path / "out.jsonl"
    more = inputs / "more"
    spark.run(plan(more, output))
    with pytest.raises(OutputError, match="--force replaces it"):
        spark.run(plan(more, output))
    before = parts(output, "records")
    spark.run(plan(more, output, limit=1, force=True))
    assert before.startswith(parts(output, "records"))
    assert parts(output, "failures") == b""
    (output / "thesis.doc").touch()
    with pytest.raises(OutputError, match=r"holds 'thesis\.doc'"):
        spark.run(plan(more, output, force=True))
    assert (output / "thesis.doc").exists()


def test_two_lines_in_a_job_of_ones_own(session, tmp_path):
    from extractor import extract
    from extractor.spark.shards import RESULT

    texts = [(f"doc-{n}", TEXT.format(n=n + 2)) for n in range(60)]
    frame = session.createDataFrame([*texts, ("null", None)], "id string, text string").coalesce(1)
    session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "20")
    job = partial(spark_jobs.killed_frames, mark=str(tmp_path / "mark"))
    rows = frame.mapInPandas(job, RESULT).collect()
    assert (tmp_path / "mark").exists()
    assert [row.record for row in rows[:-1]] == [extract(text, source=id_).model_dump_json() for id_, text in texts]
    assert (rows[-1].id, rows[-1].error) == ("null", "no-text")


def test_the_command(session, inputs, single, tmp_path):
    from extractor.cli.app import app

    output = tmp_path / "out.parquet"
    words = ["run", "--engine", "spark", str(inputs / "more"), "-o", str(output), "--json", "--published", "2024-05-10"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 1, done.output
    told = json.loads(done.stdout)
    assert (told["documents"], told["failed_by_code"]) == (4, {"no-text": 1})
    assert "notes.xyz" in done.stderr
    again = CliRunner().invoke(app, words)
    assert (again.exit_code, again.stdout) == (3, "")
    assert "--force" in again.stderr
    nowhere = CliRunner().invoke(app, [*words[:3], str(inputs / "nowhere.jsonl"), *words[4:], "--force"])
    assert (nowhere.exit_code, nowhere.stdout) == (3, "")
    assert "nowhere.jsonl" in nowhere.stderr
    assert "Traceback" not in nowhere.stderr
    assert len(read_records(output)) == 3


def test_paths_reach_spark_as_they_are_spelled(monkeypatch):
    from extractor.cli.app import app

    plans = []
    monkeypatch.setattr(
        spark_command, "run_plan", lambda plan: plans.append(plan) or (_ for _ in ()).throw(KeyboardInterrupt)
    )
    words = ["run", "--engine", "spark", "s3a://bucket/in//*.jsonl", "-o", "hdfs://name:9000/out.jsonl.gz"]
    done = CliRunner().invoke(app, [*words, "--text-column", "body", "--master", "spark://name:7077", "--limit", "9"])
    assert done.exit_code == 130
    [plan] = plans
    assert (plan.inputs, plan.output) == (["s3a://bucket/in//*.jsonl"], "hdfs://name:9000/out.jsonl.gz")
    assert (plan.settings, plan.master, plan.limit) == (Settings(text_column="body"), "spark://name:7077", 9)


@pytest.mark.parametrize(
    "options", [["-o", "out.sqlite"], ["-o", "out.jsonl", "--workers", "2"], [], ["-o", "out.jsonl", "--dry-run"]]
)
def test_what_spark_cannot_do_is_wrong_usage(options, tmp_path, monkeypatch):
    from extractor.cli.app import app

    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["run", "--engine", "spark", "in.jsonl", *options])
    assert (done.exit_code, done.stdout) == (2, "")


def test_what_is_missing_is_named_with_its_remedy(monkeypatch, tmp_path):
    monkeypatch.setattr("pyspark.sql.SparkSession.getActiveSession", lambda: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ModelError, match="Java 17"):
        spark.run(plan(tmp_path, tmp_path / "out.jsonl"))
    monkeypatch.setattr(spark, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match=r"pip install 'police-press-extractor\[spark\]'"):
        spark.run(plan(tmp_path, tmp_path / "out.jsonl"))


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("local", "local[1,4]"),
        ("local[3]", "local[3,4]"),
        ("local[*]", "local[*,4]"),
        ("local[2,1]", "local[2,1]"),
        ("yarn", "yarn"),
    ],
)
def test_a_local_master_retries(given, used):
    assert spark._retrying(given) == used


def bytes_of(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("read", ["{0}", "{0}/kind=records/*.txt", "{0}/kind=rec*", "file://{0}", "{1}/link"])
def test_an_output_that_is_read_stays(session, inputs, tmp_path, read):
    output = tmp_path / "out.jsonl"
    (output / "kind=records").mkdir(parents=True)
    (output / "kind=records" / "part-00000-a.txt").write_text(json.dumps({"id": "a", "text": TEXT}) + "\n")
    (tmp_path / "link").symlink_to(output)
    before = bytes_of(tmp_path)
    with pytest.raises(OutputError, match="this command reads"):
        spark.run(plan(read.format(output, tmp_path), output, force=True))
    assert bytes_of(tmp_path) == before


@pytest.mark.parametrize("name", ["out.jsonl/part-time.txt", "out.jsonl/kind=mine/a.txt", ".out.jsonl.new/mine.txt"])
def test_foreign_files_in_the_way_stay(session, inputs, tmp_path, name):
    output = tmp_path / "out.jsonl"
    output.mkdir()
    (output / "_SUCCESS").touch()
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine")
    before = bytes_of(tmp_path)
    with pytest.raises(OutputError, match="not of an output"):
        spark.run(plan(inputs, output, force=True))
    assert bytes_of(tmp_path) == before
