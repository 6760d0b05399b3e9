"""Runs the notebooks of this repository through nbclient, as `jupyter nbconvert --execute` does.

Every code cell must run without an error and show what its saved outputs show, by kind.
"""
import os
import pathlib
import unittest

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = pathlib.Path(__file__).resolve().parents[2]
KERNEL = os.environ.get("TUNELAB_CONFORMANCE_KERNEL", "tunelab")
NOTEBOOK = pathlib.Path(os.environ.get("TUNELAB_CONFORMANCE_NOTEBOOK", ROOT / "notebooks" / "00-welcome.ipynb"))


def kinds(cell):
    """The kinds of a cell's outputs, one per stream and one per set of MIME types."""
    found = set()
    for output in cell.outputs:
        if output.output_type == "stream":
            found.add(f"stream {output.name}")
        elif output.output_type == "error":
            found.add(f"error {output.ename}")
        else:
            found.add(f"{output.output_type} {' '.join(sorted(output.data))}")
    return found


def raises(cell):
    """Jupyter's tag for a cell that shows an error on purpose."""
    return "raises-exception" in cell.metadata.get("tags", [])


class NbclientTest(unittest.TestCase):
    def test_welcome_notebook(self):
        if not NOTEBOOK.exists():
            self.fail(f"there is no {NOTEBOOK}") if os.environ.get("CI") == "true" else self.skipTest(
                f"there is no {NOTEBOOK.name} yet"
            )
        saved = nbformat.read(NOTEBOOK, as_version=4)
        nbformat.validate(saved)
        notebook = nbformat.read(NOTEBOOK, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        client = NotebookClient(
            notebook,
            timeout=900,
            kernel_name=KERNEL,
            resources={"metadata": {"path": str(NOTEBOOK.parent)}},
        )
        try:
            client.execute()
        except CellExecutionError as error:
            self.fail(f"a cell failed: {error}")
        nbformat.validate(notebook)
        ran_before = [cell for cell in saved.cells if cell.cell_type == "code" and cell.execution_count is not None]
        self.assertTrue(ran_before, f"{NOTEBOOK.name} was saved without its outputs; run `npm start` and copy it from out/")

        ran = 0
        for index, (before, after) in enumerate(zip(saved.cells, notebook.cells)):
            if after.cell_type != "code" or not after.source.strip():
                continue
            where = f"cell {index} ({after.source.strip().splitlines()[0][:60]!r})"
            with self.subTest(where):
                ran += 1
                self.assertEqual(after.execution_count, ran, f"{where}: wrong execution count")
                errors = [output for output in after.outputs if output.output_type == "error"]
                self.assertEqual(bool(errors), raises(after), f"{where}: errors {errors}")
                self.assertIsNotNone(before.execution_count, f"{where}: saved without having been run")
                self.assertEqual(kinds(after), kinds(before), f"{where}: other outputs than the saved ones")
        self.assertGreater(ran, 0, "the notebook has no code cell")


if __name__ == "__main__":
    unittest.main(verbosity=2)
