"""sop.yaml: what it accepts, and how it says what is wrong."""

import pytest

from sop_pipeline import config
from sop_pipeline.config import Source
from sop_pipeline.errors import BadInput

GOOD = "company: Acme\nsources:\n  products: products.csv\n  sales: [a.csv, {path: b.csv, constants: {site_id: 10}}]\n"


def loaded(tmp_path, text):
    (tmp_path / "sop.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return config.load(tmp_path)


def refused(tmp_path, text):
    with pytest.raises(BadInput) as caught:
        loaded(tmp_path, text)
    return str(caught.value).replace(str(tmp_path), "acme")


def test_one_path_is_a_list_of_one_source_and_numbers_are_text(tmp_path):
    company = loaded(tmp_path, GOOD)
    assert company.sources["products"] == [Source(path="products.csv")]
    assert company.sources["sales"][1].constants == {"site_id": "10"}


def test_a_byte_order_mark_is_no_trouble(tmp_path):
    assert loaded(tmp_path, b"\xef\xbb\xbf" + GOOD.encode()).company == "Acme"


def test_the_two_approaches_can_be_set_apart(tmp_path):
    one = loaded(tmp_path, f"{GOOD}approach: top_down\n")
    assert (one.forecasts_by, one.plans_by) == ("top_down", "top_down")
    apart = loaded(tmp_path, f"{GOOD}approach: top_down\nforecast_approach: reconciled\nplanning_approach: auto\n")
    assert (apart.forecasts_by, apart.plans_by) == ("reconciled", "auto")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("contry: DE", "field contry: found contry; needed a setting that exists. Did you mean country?"),
        (
            "supply: {stratgy: level}",
            "field supply.stratgy: found stratgy; needed a setting that exists. Did you mean strategy?",
        ),
        ("horizon_months: 48", "field horizon_months: found 48; needed at most 36."),
        ("horizon_months: soon", "field horizon_months: found 'soon'"),
        ("first_cycle: 2026-13", "field first_cycle: found '2026-13'"),
        ("approach: middle", "field approach: found 'middle'; needed one of top_down, bottom_up."),
        ("packs: {formats: [docx]}", "field packs.formats.0: found 'docx'"),
        ("company: Twice", "found"),
        ("country: NO", "field country: found False; needed a code in quotes, such as 'NO'"),
        ("country: XY", "sop.yaml, country: found country 'XY'"),
        ("weekend: [sat]", "field weekend.0: found 'sat'; needed one of monday, tuesday"),
        ("weekend: 6", "field weekend: found 6; needed a list, such as [a, b]"),
    ],
)
def test_a_slip_is_named_with_its_place(tmp_path, line, said):
    assert said in refused(tmp_path, f"{GOOD}{line}\n")


def test_a_key_that_stands_twice_is_refused(tmp_path):
    assert "the key 'sales' twice" in refused(tmp_path, f"{GOOD}  sales: c.csv\n")


def test_every_slip_is_told_at_once(tmp_path):
    lines = refused(tmp_path, f"{GOOD}contry: DE\nhorizon_months: 48\n").splitlines()
    assert len(lines) == 2


def test_an_unknown_table_names_the_nearest(tmp_path):
    said = refused(tmp_path, "company: Acme\nsources: {product: p.csv}\n")
    assert said == "acme/sop.yaml: found sources.product; needed one of the input tables. Did you mean products?"


def test_what_is_missing_is_named_alone(tmp_path):
    assert "acme/sop.yaml: found no company; needed a value." in refused(tmp_path, "sources: {products: p.csv}\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "found no settings"),
        ("- a\n", "found no settings"),
        ("company: [", "needed YAML in UTF-8"),
        ("company: Käse".encode("latin-1"), "needed YAML in UTF-8"),
        ("company: !!python/object:os.system {}\n", "needed YAML in UTF-8"),
    ],
)
def test_what_is_no_settings_file(tmp_path, text, said):
    assert said in refused(tmp_path, text)


def test_a_folder_without_settings_says_how_to_make_them(tmp_path):
    with pytest.raises(BadInput, match=r"found no sop\.yaml.*sop init FOLDER"):
        config.load(tmp_path)


def test_settings_cannot_be_changed_in_passing(tmp_path):
    company = loaded(tmp_path, GOOD)
    with pytest.raises(ValueError, match="frozen"):
        company.currency = "USD"


def test_a_secret_where_a_variable_is_to_be_named_is_not_repeated(tmp_path):
    said = refused(tmp_path, f"{GOOD}notices: {{webhook_env: 'https://chat.example/T0KEN'}}\n")
    assert "T0KEN" not in said
    assert "field notices.webhook_env: found what is not repeated here; needed the name of a variable" in said
