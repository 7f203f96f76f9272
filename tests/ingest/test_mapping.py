"""Which column is which: said by sop.yaml, or equal but for case and spaces; nothing guessed."""

from __future__ import annotations

import pytest

from sop_pipeline.errors import BadInput


def test_headings_match_but_for_case_spaces_and_punctuation(folder):
    folder.table("sales", " Date ,Product ID,QUANTITY,Comment\n2026-09-01,P1,10,x\n")
    result = folder.take_in()
    assert result.tables["sales"].num_rows == 1
    assert "columns not used: Comment" in result.source_files.to_pylist()[-1]["note"]


def test_a_missing_column_names_the_nearest_heading(folder):
    folder.table("sales", "date,product_id,quantities\n2026-09-01,P1,10\n")
    with pytest.raises(BadInput) as caught:
        folder.take_in()
    assert str(caught.value) == (
        "sales.csv: found columns 'date', 'product_id', 'quantities'; needed a column quantity (units sold, negative "
        "for a return). Did you mean 'quantities'? Map it in sop.yaml: sources.sales columns: {quantity: 'quantities'}."
    )


def test_a_wrong_delimiter_is_guessed_from_the_one_heading(folder):
    folder.table("sales", "date,product_id,quantity\n2026-09-01,P1,10\n", delimiter=";")
    with pytest.raises(BadInput, match=r"The delimiter seems to be ',': correct it in sop\.yaml"):
        folder.take_in()


def test_a_mapped_heading_that_is_absent_names_the_nearest(folder):
    folder.table("sales", "date,product_id,Qty sold\n2026-09-01,P1,10\n", columns={"quantity": "Qty sld"})
    with pytest.raises(BadInput, match=r"no column 'Qty sld'.*Did you mean 'Qty sold'"):
        folder.take_in()


def test_one_column_may_serve_twice(folder):
    folder.table("products", "code\nP1\nP2\n", columns={"product_id": "code", "product_name": "code"})
    assert folder.take_in().tables["products"].column("product_name").to_pylist() == ["P1", "P2"]


def test_a_name_that_is_none_of_ours_is_refused(folder):
    folder.table("sales", "date,product_id,quantity\n2026-09-01,P1,10\n", constants={"regoin": "north"})
    with pytest.raises(BadInput, match=r"constants\.regoin.*a column of table sales.*Did you mean 'region'"):
        folder.take_in()


def test_constants_and_renamed_values(folder):
    folder.table(
        "sales",
        "date,product_id,quantity,channel\n2026-09-01,A-1,10,LEH\n2026-09-02,P1,3,shop\n",
        constants={"region": "north; drop table sales"},
        rename_values={"product_id": {"A-1": "P1"}, "channel": {"LEH": "retail"}},
    )
    rows = folder.take_in().tables["sales"].to_pylist()
    assert [(row["product_id"], row["channel"]) for row in rows] == [("P1", "retail"), ("P1", "shop")]
    assert {row["region"] for row in rows} == {"north; drop table sales"}


def test_a_heading_that_stands_twice_is_refused_unless_the_cells_agree(folder):
    folder.table("sales", "date,product_id,quantity,quantity\n2026-09-01,P1,10,10\n")
    assert folder.sales() == [("2026-09-01", "P1", 10.0)]
    folder.table("sales", "date,product_id,quantity,quantity\n2026-09-01,P1,10,11\n")
    with pytest.raises(BadInput, match="the heading 'quantity' twice, columns 3 and 4, with different cells"):
        folder.take_in()
    folder.sources["sales"]["columns"] = {"quantity": "quantity.1"}
    assert folder.sales() == [("2026-09-01", "P1", 11.0)]


def test_every_problem_is_told_at_once(folder):
    folder.table("sales", "date,product_id,amount\n2026-09-01,P1,10\n")
    folder.table("inventory", "date,product_id\n2026-09-30,P1\n")
    with pytest.raises(BadInput) as caught:
        folder.take_in()
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == ["sales.csv", "inventory.csv"]


@pytest.mark.parametrize(("without", "said"), [("products", "a source for products"), ("sales", "a source for sales")])
def test_the_tables_nothing_can_stand_in_for(folder, without, said):
    del folder.sources[without]
    with pytest.raises(BadInput, match=said):
        folder.take_in()
