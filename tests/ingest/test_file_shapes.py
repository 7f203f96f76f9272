"""Files of every shape people send, each read to the right amounts, set aside by name, or refused with the way out.

Whatever becomes of a file, its account holds: every line is in a record, every record is header, blank or data, and
every row of data ends in one status. The test counts lines and rows from the bytes by itself and prints the totals.
"""

from __future__ import annotations

import io
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import product

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl.chart import BarChart, Reference

from sop_pipeline.errors import BadInput

SEEN: Counter[str] = Counter()
P = "product_id,product_name\nP1,Soap\nP2,Cream\n"


@dataclass(frozen=True)
class Shape:
    """A sales file (or another table's), and what must come of it.

    ``sales`` are (day of September 2026, product, quantity) as read; ``refused`` a part of the message; ``aside`` the
    quarantined values; ``remark`` a part of the file's remarks.
    """

    name: str
    content: str | bytes
    sales: list[tuple[int, str, float]] | None = None
    refused: str | None = None
    aside: list[str | None] = field(default_factory=list)
    remark: str | None = None
    source: dict = field(default_factory=dict)
    table: str = "sales"
    products: str = P
    counts: dict[str, int] = field(default_factory=dict)


THREE = [(1, "P1", 10.0), (2, "P2", 5.5), (3, "P1", 7.0)]


def csv(*lines, head="date,product_id,quantity", end="\n"):
    return end.join([head, *lines]) + end


def dialects():
    """The same three sales in every dialect: delimiter, line end, last line, encoding, quoting."""
    ends = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}
    encodings = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
    for delimiter, end, encoding, quoted in product(",;\t|", ends, encodings, (False, True)):
        mark = "," if delimiter in ";\t" else "."
        rows = [("date", "product_id", "quantity", "note")]
        rows += [(f"2026-09-0{day}", name, f"{amount:g}".replace(".", mark), "Käse") for day, name, amount in THREE]
        cells = [[f'"{cell}"' if quoted else cell for cell in row] for row in rows]
        text = ends[end].join(delimiter.join(row) for row in cells) + (ends[end] if quoted else "")
        name = f"{delimiter!r} {end} {encoding} {'quoted' if quoted else 'bare'}"
        yield Shape(f"dialect {name}", text.encode(encoding), THREE)


LINES = [
    Shape("a quote swallows one line", csv('2026-09-01,P1,5,"A', '2026-09-02,P1,7,"B', "2026-09-03,P1,7,C",
          head="date,product_id,quantity,customer_id"), refused=r"mark on line 2 .*closed 1 line further down"),
    Shape("a quote swallows many lines", csv('2026-09-01,P1,"Rose,5', *[f"2026-09-{day:02},P1,C,{day}" for day in
          range(2, 20)], '2026-09-20,P1,"Lily,7', "2026-09-21,P1,C,8", head="date,product_id,customer_id,quantity"),
          refused=r"quotation mark on line 2 .*closed 19 lines"),
    Shape("a swallow that closes cleanly", csv('2026-09-01,P1,5,"A', "2026-09-02,P1,7,B", '2026-09-03,P1,7,C"',
          "2026-09-04,P1,1,D", head="date,product_id,quantity,customer_id"), refused="line 2"),
    Shape("a swallow among semicolons", csv('2026-09-01;P1;5;"A', '2026-09-02;P1;7;B"', "2026-09-03;P1;7;C",
          head="date;product_id;quantity;customer_id"), refused="line 2"),
    Shape("a swallow after good rows and text of two lines", csv('2026-09-01,P1,5,"two', 'lines"', '2026-09-02,P1,7,"B',
          '2026-09-03,P1,7,"C', head="date,product_id,quantity,customer_id"), refused="line 4"),
    Shape("a swallow in the first column", csv('"2026-09-01,P1,5', '2026-09-02,P1,7"', "2026-09-03,P1,7"),
          refused="line 2"),
    Shape("a swallow of blank cells", csv('2026-09-01,P1,5,"A', "2026-09-02,P1,7,", '2026-09-03,P1,7,"',
          head="date,product_id,quantity,customer_id"), refused="line 2"),
    Shape("a swallow in carriage returns", csv('2026-09-01,P1,5,"A', '2026-09-02,P1,7,"B', "2026-09-03,P1,7,C",
          head="date,product_id,quantity,customer_id", end="\r\n"), refused="line 2"),
    Shape("a quote never closed", csv("2026-09-01,P1,5,A", '2026-09-02,P1,7,"B', head="date,product_id,quantity,note"),
          refused="line 3.*opens and never closes"),
    Shape("text of two lines in a column nobody maps", csv('2026-09-01,P1,10,"two', 'lines"', "2026-09-02,P2,5.5,",
          "2026-09-03,P1,7,x", head="date,product_id,quantity,note"), THREE),
    Shape("text of two lines in a text column", csv('2026-09-01,P1,10,"North', 'Sea"', "2026-09-02,P2,5.5,N",
          "2026-09-03,P1,7,N", head="date,product_id,quantity,region"), THREE),
    Shape("text of four lines with commas", csv('"Dear all, as said', "one, two", "three", 'yours, J",2026-09-01,P1,10',
          ",2026-09-02,P2,5.5", "x,2026-09-03,P1,7", head="note,date,product_id,quantity"), THREE),
    Shape("text with a doubled quote", csv('2026-09-01,P1,10,"12"" pipe"', "2026-09-02,P2,5.5,", "2026-09-03,P1,7,",
          head="date,product_id,quantity,note"), THREE),
    Shape("an inch mark inside a cell", csv('2026-09-01,P1,10,12" pipe', "2026-09-02,P2,5.5,", "2026-09-03,P1,7,",
          head="date,product_id,quantity,note"), THREE),
    Shape("a header of two lines", csv("2026-09-01,P1,10", "2026-09-02,P2,5.5", "2026-09-03,P1,7",
          head='date,product_id,"quantity"'), THREE),
    Shape("blank lines between rows", csv("", "2026-09-01,P1,10", "", "2026-09-02,P2,5.5", ",,", "2026-09-03,P1,7", ""),
          THREE),
    Shape("blank lines at the end", csv("2026-09-01,P1,10", "2026-09-02,P2,5.5", "2026-09-03,P1,7", "", "", ""), THREE),
    Shape("a row too long", csv("2026-09-01,P1,10", "2026-09-02,P2,5,5", "2026-09-03,P1,7"), [THREE[0], THREE[2]],
          aside=["4"]),
    Shape("a row too short", csv("2026-09-01,P1,10", "2026-09-02,P2", "2026-09-03,P1,7"), [THREE[0], THREE[2]],
          aside=["2"]),
    Shape("delimiters at the end of every row", csv("2026-09-01,P1,10,,", "2026-09-02,P2,5.5,,", "2026-09-03,P1,7,,",
          head="date,product_id,quantity,,"), THREE),
    Shape("a title above the header", csv("date,product_id,quantity", "2026-09-01,P1,10", "2026-09-02,P2,5.5",
          "2026-09-03,P1,7", head="Sales,,"), THREE, source={"header_row": 2}),
    Shape("a title above, not told", csv("date,product_id,quantity", "2026-09-01,P1,10", head="Sales,,"),
          refused="set header_row: 2"),
    Shape("a first line for Excel", csv("date;product_id;quantity", "2026-09-01;P1;10", "2026-09-02;P2;5,5",
          "2026-09-03;P1;7", head="sep=;"), THREE),
    *[
        Shape(f"an end-of-file mark {where}", csv("2026-09-01,P1,10", "2026-09-02,P2,5.5", "2026-09-03,P1,7",
              end=end).removesuffix(cut) + "\x1a" + after, THREE)
        for where, end, cut, after in (("on its own line", "\n", "", ""), ("behind the last cell", "\n", "\n", ""),
                                       ("before a line end", "\r\n", "", "\r\n"))
    ],
    Shape("an end-of-file mark between files put together", csv("2026-09-01,P1,10", "\x1a", "2026-09-03,P1,7"),
          [THREE[0], THREE[2]], aside=["1"]),
    Shape("a delimiter nobody guesses", csv("2026-09-01^P1^10", head="date^product_id^quantity"),
          refused=r"The delimiter seems to be '\^': set delimiter: '\^'"),
    Shape("a delimiter told", csv("2026-09-01^P1^10", "2026-09-02^P2^5.5", "2026-09-03^P1^7",
          head="date^product_id^quantity"), THREE, source={"delimiter": "^"}),
    Shape("UTF-16 with a first line for Excel", csv("2026-09-01\tP1\t10,0", "2026-09-02\tP2\t5,5", "2026-09-03\tP1\t7",
          head="sep=\t\ndate\tproduct_id\tquantity").encode("utf-16"), THREE),
    Shape("mixed line ends", "date,product_id,quantity\r\n2026-09-01,P1,10\n2026-09-02,P2,5.5\r\n2026-09-03,P1,7",
          THREE),
    Shape("only a header", csv(), refused="no usable row"),
    Shape("nothing at all", "", refused="an empty file"),
    Shape("a workbook called csv", b"PK\x03\x04rest", refused="an Excel workbook"),
    Shape("a web page called csv", "<html><body>login</body></html>", refused="a web page"),
]  # fmt: skip


def amounts(*texts, delimiter=";", extra=None):
    head = f"date{delimiter}product_id{delimiter}quantity" + (f"{delimiter}revenue" if extra else "")
    rows = [f'2026-09-{day:02}{delimiter}P1{delimiter}"{text}"' + (f"{delimiter}{extra}" if extra else "")
            for day, text in enumerate(texts, start=1)]  # fmt: skip
    return csv(*rows, head=head)


def of(*values):
    return [(day, "P1", float(value)) for day, value in enumerate(values, start=1) if value is not None]


AMBIGUOUS = r"a thousand times more.*decimal: '\.' or decimal: ','"
NUMBERS = [
    Shape("points", amounts("1.5", "2.25"), of(1.5, 2.25)),
    Shape("commas", amounts("1,5", "2,25"), of(1.5, 2.25)),
    Shape("thousands with points", amounts("1.234", "2,5"), of(1234, 2.5)),
    Shape("thousands with commas", amounts("1,234", "2.5"), of(1234, 2.5)),
    Shape("millions with points", amounts("1.234.567"), of(1234567)),
    Shape("millions with commas", amounts("1,234,567"), of(1234567)),
    Shape("a point that could be either", amounts("1.234"), refused=AMBIGUOUS),
    Shape("a comma that could be either", amounts("1,234"), refused=AMBIGUOUS),
    Shape("an unmarked other column tells nothing", amounts("1.234", "2.345", extra="15000"), refused=AMBIGUOUS),
    Shape("an unmarked other column tells nothing of commas", amounts("1,234", extra="15000"), refused=AMBIGUOUS),
    Shape("a marked other column tells", amounts("1.234", extra="15.000,50"), of(1234)),
    Shape("a marked other column tells of points", amounts("1.234", extra="15.5"), of(1.234)),
    Shape("an unmarked cell of the column tells", amounts("1.234", "15000"), of(1.234, 15000)),
    Shape("quoted decimal commas in a comma file", amounts("1,234", "2,345", delimiter=","), refused=AMBIGUOUS),
    Shape("quoted decimal commas told", amounts("1,234", delimiter=",") , of(1.234), source={"decimal": ","}),
    Shape("quoted thousands told", amounts("1,234", delimiter=","), of(1234), source={"decimal": "."}),
    Shape("points in a comma file", amounts("1.234", delimiter=","), of(1.234)),
    Shape("both marks alike often", amounts("1.5", "1,5"), refused="as many numbers with a decimal point"),
    Shape("two columns of different marks", amounts("1,234", "12345", extra="1.234"), refused="decimal"),
    Shape("one comma among points", amounts("1.5", "2.5", "3,7"), of(1.5, 2.5, None), aside=["3,7"]),
    Shape("spaces as thousands", amounts("1 234,5", "12 345 678"), of(1234.5, 12345678)),
    Shape("hard spaces as thousands", amounts("1\u00a0234,5", "2\u202f000"), of(1234.5, 2000)),
    Shape("apostrophes as thousands", amounts("1'234.5", "2’000"), of(1234.5, 2000)),
    Shape("thin and figure spaces as thousands", amounts("1\u2009234,5", "2\u2007000"), of(1234.5, 2000)),
    Shape("what is typed for an apostrophe", amounts("1ʼ234.5", "2`000", "3´000", "4‘000"),
          of(1234.5, 2000, 3000, 4000)),
    Shape("a minus behind thousands", amounts("1.234,50-", "2,00"), of(-1234.5, 2)),
    Shape("groups of two marks", amounts("1.234.56", "12.34,5", "1,5"), of(None, None, 1.5),
          aside=["1.234.56", "12.34,5"]),
    Shape("digits of another script", amounts("١٢", "１２", "1"), of(None, None, 1), aside=["١٢", "１２"]),
    Shape("no number at all", amounts("inf", "0x10", "true", "1"), of(None, None, None, 1),
          aside=["inf", "0x10", "true"]),
    Shape("Indian groups", amounts("1,23,45,678.5"), of(12345678.5)),
    Shape("two numbers in a cell", amounts("10 5", "1"), of(None, 1), aside=["10 5"]),
    Shape("an underscore", amounts("1_5", "1"), of(None, 1), aside=["1_5"]),
    Shape("a sum in a cell", amounts("3 $ 4", "1"), of(None, 1), aside=["3 $ 4"]),
    Shape("a bracket never closed", amounts("(5", "1"), of(None, 1), aside=["(5"]),
    Shape("a bracket never opened", amounts("6)", "1"), of(None, 1), aside=["6)"]),
    Shape("an apostrophe before one digit", amounts("1’5", "1"), of(None, 1), aside=["1’5"]),
    Shape("groups of two after a space", amounts("12 34", "1"), of(None, 1), aside=["12 34"]),
    Shape("a range", amounts("5-7", "1"), of(None, 1), aside=["5-7"]),
    Shape("a fraction", amounts("1/2", "1"), of(None, 1), aside=["1/2"]),
    Shape("units in the cell", amounts("5 pcs", "1"), of(None, 1), aside=["5 pcs"]),
    Shape("two signs", amounts("--5", "1"), of(None, 1), aside=["--5"]),
    Shape("a percentage", amounts("5%", "1"), of(None, 1), aside=["5%"]),
    Shape("brackets for returns", amounts("(12.50)", "1"), of(-12.5, 1)),
    Shape("a minus behind", amounts("12-", "1"), of(-12, 1)),
    Shape("a typographic minus", amounts("−3.1", "1"), of(-3.1, 1)),
    Shape("no cents, as prices are written", amounts("1.234,-", "12,-", "7,--"), of(1234, 12, 7)),
    Shape("no cents, as the Swiss write it", amounts("1'234.-", "12.–"), of(1234, 12)),
    Shape("currency before and behind", amounts("€ 7.20", "8.10 €", "$9"), of(7.2, 8.1, 9)),
    Shape("scientific", amounts("1e3", "1.5E+2"), of(1000, 150)),
    Shape("a spreadsheet's error", amounts("#DIV/0!", "1"), of(None, 1), aside=["#DIV/0!"]),
    Shape("a failed lookup", amounts("#N/A", "1"), of(None, 1), aside=["#N/A"]),
    Shape("a German failed lookup", amounts("#NV", "1"), of(None, 1), aside=["#NV"]),
    Shape("blanks of many kinds", amounts("n/a", "-", "NULL", "1"), of(None, None, None, 1), aside=[None] * 3),
]  # fmt: skip


def days(*texts):
    return csv(*[f"{text},P1,{number}" for number, text in enumerate(texts, start=1)])


def on(*when):
    return [(day, "P1", float(number)) for number, day in enumerate(when, start=1) if day is not None]


MANY = [f"2026-09-{day:02}" for day in range(1, 29)]
DATES = [
    Shape("year first", days("2026-09-01", "2026/9/2", "20260903"), on(1, 2, 3)),
    Shape("dots", days("01.09.2026", "2.9.26"), on(1, 2)),
    Shape("day first by one value", days("03/09/2026", "25/09/2026"), on(3, 25)),
    Shape("month first by one value", days("09/03/2026", "09/25/2026"), on(3, 25)),
    Shape("either order", days("03/09/2026", "04/09/2026"), refused="date_format: '%d/%m/%Y'"),
    Shape("two digits of the year first", days("26-09-01", "26-09-02"), refused=r"'26-09-01', .*%y-%m-%d"),
    Shape("two digits of the year last", days("26-09-26", "27-09-26", "28-09-26"), on(26, 27, 28)),
    Shape("first days of months of years of two digits", days("01-09-24", "01-09-25", "13-09-26"), on(1, 1, 13)),
    Shape("days that a table of numbers has kept", days("20260901.0", "20260902.0"), on(1, 2)),
    Shape("times and zones", days("2026-09-01 00:00:00+02:00", "2026-09-02T23:59:59Z"), on(1, 2)),
    Shape("German days", days("1. Mai 2026", "02-Okt-2025", "03-Dez-2025", "4. März 2026"),
          [(3, "P1", 3.0), (2, "P1", 2.0), (4, "P1", 4.0), (1, "P1", 1.0)]),
    Shape("German months as Excel writes them", days("Mrz 26", "Mai 26", "Okt 26"), [(1, "P1", n) for n in (1, 2, 3)]),
    Shape("months in letters without accents", days("MAERZ 2026", "fevrier 2026", "aout 2026"),
          [(1, "P1", n) for n in (2, 1, 3)]),
    Shape("French days", days("1er août 2026", "2 févr. 2026", "3 juillet 2026"), [(2, "P1", 2.0), (3, "P1", 3.0),
          (1, "P1", 1.0)]),
    Shape("French months in a Windows file", days("FÉVRIER 2026", "AOÛT 2026").encode("cp1252"), on(1, 1)),
    Shape("Spanish days", days("1 de enero de 2026", "2 de agosto de 2026", "3 sept. 2026"), on(1, 2, 3)),
    Shape("Spanish months as Excel writes them", days("ene-26", "abr-26", "ago-26"), on(1, 1, 1)),
    Shape("a German month and a small number", days("Mai 12"), refused="'Mai 12'.*four digits"),
    Shape("a form told for German names", days("Mai 12", "Okt 11"), [(1, "P1", 2.0), (1, "P1", 1.0)],
          source={"date_format": "%b %y"}),
    Shape("a name that is no month", days("jui 2026", "Rose 2026"), refused="found 'jui 2026'"),
    Shape("names of months", days("3 Sep 2026", '"September 4, 2026"'), on(3, 4)),
    Shape("months without a zero", days("20261", "20262"), refused=r"'20261', a month without its zero.*%Y%m"),
    Shape("months without a zero beside others", days("20269", "202610"), refused="'20269'"),
    Shape("a month and a small number", days("Nov 12"), refused=r"'Nov 12'.*four digits"),
    Shape("days of one month as small numbers", days(*[f"Sep-{day:02}" for day in range(1, 20)]), refused="'Sep-01'"),
    Shape("months of one short year", days("Sep-26", "Aug-26"), [(1, "P1", 1.0), (1, "P1", 2.0)]),
    Shape("a spreadsheet turned the first twelve", days("2026-03-09", "2026-04-09", "2026-05-09", "13/09/2026",
          "14/09/2026", "15/09/2026"), refused="a spreadsheet has taken the day of the former for the month"),
    Shape("Excel day numbers", days("46266", "46267"), on(1, 2)),
    Shape("a far year alone", csv(*[f"{day},P1,1" for day in MANY], "2062-09-29,P1,9"),
          [(number, "P1", 1.0) for number in range(1, 29)], aside=["2062-09-29"]),
    Shape("a year long before", csv("1996-09-29,P1,9", *[f"{day},P1,1" for day in MANY]),
          [(number, "P1", 1.0) for number in range(1, 29)], aside=["1996-09-29"]),
    Shape("1970 as no date", csv("1970-01-01,P1,9", "2026-09-01,P1,1"), on(1), aside=["1970-01-01"]),
    Shape("1900 as no date", csv("1900-01-01,P1,9", "2026-09-01,P1,1"), on(1), aside=["1900-01-01"]),
    Shape("9999 as no date", csv("9999-12-31,P1,9", "2026-09-01,P1,1"), on(1), aside=["9999-12-31"]),
    Shape("no such day", csv("2026-09-31,P1,9", "2026-09-01,P1,1"), on(1), aside=["2026-09-31"]),
]  # fmt: skip

HEADINGS = [
    Shape("an exact heading wins over a percentage", csv("2026-09-01,P1,12,500",
          head="date,product_id,Quantity (%),Quantity"), [(1, "P1", 500.0)]),
    Shape("a percentage alone is no quantity", csv("2026-09-01,P1,12", head="date,product_id,Quantity (%)"),
          refused="a column quantity"),
    Shape("the exact case wins", csv("2026-09-01,P1,12,500", head="date,product_id,QUANTITY,quantity"),
          [(1, "P1", 500.0)]),
    Shape("two alike are refused", csv("2026-09-01,P1,P2,5", head="date,Product ID,product-id,quantity"),
          refused="the headings 'Product ID' and 'product-id', which are alike"),
    Shape("two alike with equal cells", csv("2026-09-01,P1,P1,5", head="date,Product ID,product-id,quantity"),
          [(1, "P1", 5.0)]),
    Shape("a mapped heading in another case", csv("2026-09-01,P1,5", head="date,product_id,MENGE"), [(1, "P1", 5.0)],
          source={"columns": {"quantity": "Menge"}}),
    Shape("a mapped heading with two candidates", csv("2026-09-01,P1,5,6", head="date,product_id,Menge 1,menge-1"),
          refused="which are alike", source={"columns": {"quantity": "MENGE_1"}}),
    Shape("a misspelt optional column is named", csv("2026-09-01,P1,5,N", head="date,product_id,quantity,regoin"),
          [(1, "P1", 5.0)], remark="column 'regoin' is not used; did you mean region?"),
    Shape("two that could be meant", csv("2026-09-01,P1,5,6", head="date,product_id,Quantity 1,Quantity 2"),
          refused="Did you mean 'Quantity 1' or 'Quantity 2'"),
    Shape("the same heading twice", csv("2026-09-01,P1,5,6", head="date,product_id,quantity,quantity"),
          refused="the heading 'quantity' twice"),
]  # fmt: skip

WIDE = {"wide": {"keep": ["date"], "names_to": "product_id", "values_to": "quantity"}}
TOTALS = [
    Shape("a wide file", csv("2026-09-01,10,", "2026-09-02,,5.5", "2026-09-03,7,0", head="date,P1,P2"), THREE,
          source=WIDE),
    Shape("a total column", csv("2026-09-01,10,4,14", "2026-09-02,1,2,3", head="date,P1,P2,Total"),
          [(1, "P1", 10.0), (1, "P2", 4.0), (2, "P1", 1.0), (2, "P2", 2.0)], source=WIDE, counts={"total": 2},
          remark="product_id 'Total' is the sum of the others, left out (2 cells)"),
    Shape("a sum row", csv("2026-09-01,10,4", "2026-09-02,1,2", "Sum,11,6", head="date,P1,P2"),
          [(1, "P1", 10.0), (1, "P2", 4.0), (2, "P1", 1.0), (2, "P2", 2.0)], source=WIDE, counts={"total": 2},
          remark="date 'Sum' is the sum of the others, left out (2 cells)"),
    Shape("a sum row and a total column", csv("2026-09-01,10,4,14", "2026-09-02,1,2,3", "Sum,11,6,17",
          head="date,P1,P2,Gesamt"), [(1, "P1", 10.0), (1, "P2", 4.0), (2, "P1", 1.0), (2, "P2", 2.0)], source=WIDE,
          counts={"total": 5}),
    Shape("a total that is none", csv("2026-09-01,10,4,15", head="date,P1,P2,Total"), [(1, "P1", 10.0), (1, "P2", 4.0)],
          source=WIDE, aside=["Total"]),
    Shape("a bottom line", csv("2026-09-01,P1,10", "2026-09-02,P2,5.5", "2026-09-03,P1,7", "Total,,22.5"), THREE,
          counts={"total": 1}),
    Shape("total rows by day", csv("2026-09-01,P1,10", "2026-09-01,P2,4", "2026-09-01,Total,14"),
          [(1, "P1", 10.0), (1, "P2", 4.0)], counts={"total": 1}),
    Shape("a stranger that happens to be equal", csv("2026-09-01,P1,10", "2026-09-01,P9,10"), [(1, "P1", 10.0)],
          aside=["P9"]),
    Shape("a product in lower case", csv("2026-09-01,P1,10", "2026-09-02,p1,10"), [(1, "P1", 10.0)], aside=["p1"]),
    Shape("a total in a language nobody listed", csv(*[f"2026-09-0{day},{name},{amount}" for day in (1, 2, 3) for
          name, amount in (("P1", 10), ("P2", 4), ("Итого", 14))]),
          [(day, name, amount) for day in (1, 2, 3) for name, amount in (("P1", 10.0), ("P2", 4.0))],
          counts={"total": 3}),
    Shape("months across in German", csv("P1;3;4,5", "P2;1;0", head="product_id;Jan 2026;März 2026"),
          [(1, "P1", 3.0), (1, "P2", 1.0), (1, "P1", 4.5)],
          source={"wide": {"keep": ["product_id"], "names_to": "date", "values_to": "quantity"}}),
    Shape("a code with its zeros gone", csv("2026-09-01,7,10", "2026-09-02,P2,5"), [(2, "P2", 5.0)], aside=["7"],
          products="product_id,product_name\n007,Soap\nP2,Cream\n"),
    Shape("a name typed on another system", csv("2026-09-01,Ka\u0308se,10", "2026-09-02,P2,5"),
          [(1, "K\u00e4se", 10.0), (2, "P2", 5.0)], products="product_id,product_name\nK\u00e4se,Soap\nP2,Cream\n"),
    Shape("letters nobody sees", csv("2026-09-01,\u200bP1,10", "2026-09-02,P\u00ad2,5.5", "2026-09-03,P1\ufeff,7"),
          THREE),
    Shape("a code a spreadsheet has rounded", csv("2026-09-01,1.23457E+17,10", "2026-09-02,P2,5"), [(2, "P2", 5.0)],
          aside=["1.23457E+17"]),
]  # fmt: skip


def book(*sheets, hidden=(), chart=False):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    if chart:
        drawing = BarChart()
        drawing.add_data(Reference(made.worksheets[0], min_col=3, min_row=1, max_row=4))
        made.create_chartsheet("Chart", 0).add_chart(drawing)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


HEAD = ("date", "product_id", "quantity")
FILLED = [HEAD, (date(2026, 9, 1), "P1", 10), (date(2026, 9, 2), "P2", 5.5), (date(2026, 9, 3), "P1", 7.0)]
X = {"path": "sales.xlsx"}
EXCEL = [
    Shape("a sheet", book(("s", FILLED)), THREE, source=X),
    Shape("a hidden sheet first", book(("old", [HEAD, (date(2026, 9, 1), "P1", 999)]), ("s", FILLED), hidden=("old",)),
          THREE, source=X),
    Shape("a chart sheet first", book(("s", FILLED), chart=True), THREE, source=X),
    Shape("nothing but hidden sheets named", book(("s", FILLED), ("t", FILLED), hidden=("s",)), THREE,
          source={**X, "sheet": "s"}),
    Shape("another sheet of the same", book(("2026", FILLED), ("2025", FILLED), ("Notes", [["Dear all"]])), THREE,
          remark="sheet 2025 has the same columns and is not read", source=X),
    Shape("a cover sheet before", book(("Cover", [["Dear all"]]), ("s", FILLED)),
          refused="Sheet 's' has these column names: set sheet: s in sop.yaml", source=X),
    Shape("a chart sheet named", book(("s", FILLED), chart=True), refused="chart sheet Chart",
          source={**X, "sheet": "Chart"}),
    Shape("a cell beyond the headings", book(("s", [*FILLED, (date(2026, 9, 4), "P1", 1, "more", 3)])), THREE,
          aside=["more"], source=X),
    Shape("blank rows between and behind", book(("s", [FILLED[0], (), *FILLED[1:], (None, " ", None), ()])), THREE,
          source=X),
    Shape("a formula never calculated", book(("s", [*FILLED, (date(2026, 9, 4), "P1", "=1+2")])), THREE,
          aside=["formula without a result"], source=X),
    Shape("an error cell", book(("s", [*FILLED, (date(2026, 9, 4), "P1", "#REF!")])), THREE, aside=["#REF!"], source=X),
    Shape("text that could be thousands", book(("s", [HEAD, (date(2026, 9, 1), "P1", "1.234")])), refused=AMBIGUOUS,
          source=X),
    Shape("text that could be thousands beside numbers", book(("s", [HEAD, (date(2026, 9, 1), "P1", "1.234"),
          (date(2026, 9, 2), "P1", 2.345)])), refused=AMBIGUOUS, source=X),
    Shape("text commas beside numbers", book(("s", [HEAD, (date(2026, 9, 1), "P1", "1,5"),
          (date(2026, 9, 2), "P1", 2.345)])), [(1, "P1", 1.5), (2, "P1", 2.345)], source=X),
    Shape("numbers with three decimals", book(("s", [HEAD, (date(2026, 9, 1), "P1", 1.234)])), [(1, "P1", 1.234)],
          source=X),
    Shape("numbers whatever is declared", book(("s", [HEAD, (date(2026, 9, 1), "P1", 1.234)])), [(1, "P1", 1.234)],
          source={**X, "decimal": ","}),
    Shape("numbers as ids", book(("s", [HEAD, (date(2026, 9, 1), 1001, 3)])), [(1, "1001", 3.0)], source=X,
          products="product_id,product_name\n1001,Soap\n"),
    Shape("an id of seventeen digits", book(("s", [*FILLED, (date(2026, 9, 4), 12345678901234567, 3)])), THREE,
          aside=["1.234567890123457e+16"], source=X),
    Shape("a wide sheet of numbers and text", book(("s", [("date", "P1", "P2"), (date(2026, 9, 1), 1.234, "2,5")])),
          [(1, "P1", 1.234), (1, "P2", 2.5)], source={**X, **WIDE}),
    Shape("moments", book(("s", [HEAD, (datetime(2026, 9, 1, 13, 30), "P1", 10)])), [(1, "P1", 10.0)], source=X),  # noqa: DTZ001
    Shape("a damaged workbook", book(("s", FILLED))[:900], refused="no Excel workbook, a damaged one", source=X),
]  # fmt: skip


def parquet(**columns):
    content = io.BytesIO()
    pq.write_table(pa.table(columns), content)
    return content.getvalue()


def moments(zone, unit, *texts):
    naive = pa.array([datetime.fromisoformat(text) for text in texts], pa.timestamp("us"))
    local = naive.cast(pa.timestamp(unit))
    # the stubs know microseconds alone
    return pa.compute.assume_timezone(local, zone) if zone else local  # type: ignore[call-overload]


Q = {"path": "sales.parquet"}
ITEMS = {"product_id": ["P1", "P2", "P1"], "quantity": [10.0, 5.5, 7.0]}
MIDNIGHTS = ("2026-09-01", "2026-09-02", "2026-09-03")
PARQUET = [
    *[
        Shape(f"midnights in {zone or 'no zone'} by {unit}", parquet(date=moments(zone, unit, *MIDNIGHTS), **ITEMS),
              THREE, source=Q)
        for zone, unit in product((None, "UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo"), ("s", "us", "ns"))
    ],
    Shape("midnights of Berlin in UTC", parquet(date=moments("UTC", "us", "2026-08-31T22:00", "2026-09-01T22:00",
          "2026-10-31T23:00"), **ITEMS), [(31, "P1", 10.0), (1, "P2", 5.5), (31, "P1", 7.0)],
          remark="every moment is 22:00 or 23:00 in UTC", source=Q),
    Shape("midnights of New York in UTC", parquet(date=moments("UTC", "us", *[f"{day}T04:00" for day in MIDNIGHTS]),
          **ITEMS), THREE, source=Q),
    Shape("no numbers among numbers", parquet(date=list(MIDNIGHTS), product_id=ITEMS["product_id"],
          quantity=[10.0, float("nan"), float("inf")]), THREE[:1], aside=[None, "inf"], source=Q),
    Shape("yes and no are no quantity", parquet(date=list(MIDNIGHTS), product_id=ITEMS["product_id"],
          quantity=[True, False, True]), refused="found 'true'", source=Q),
    Shape("whole floats as ids", parquet(date=list(MIDNIGHTS), product_id=[7.0, 8.0, 7.0], quantity=[10.0, 5.5, 7.0]),
          [(1, "7", 10.0), (2, "8", 5.5), (3, "7", 7.0)], products="product_id,product_name\n7,Soap\n8,Cream\n",
          source=Q),
    Shape("nanoseconds", parquet(date=pa.array([1788220800000000001, 1788307200000000000, 1788393600000000000],
          pa.timestamp("ns")), **ITEMS), THREE, source=Q),
    Shape("days", parquet(date=pa.array([date.fromisoformat(day) for day in MIDNIGHTS]), **ITEMS), THREE, source=Q),
    Shape("texts", parquet(date=list(MIDNIGHTS), product_id=ITEMS["product_id"], quantity=["10", "5.5", "7"]), THREE,
          source=Q),
    Shape("texts that could be thousands", parquet(date=list(MIDNIGHTS), product_id=ITEMS["product_id"],
          quantity=["1.234", "2.345", "3.456"]), refused=AMBIGUOUS, source=Q),
    Shape("texts beside numbers", parquet(date=list(MIDNIGHTS), **ITEMS, revenue=["1,5", "2,5", "3,5"]), THREE,
          source=Q),
    Shape("ids as bytes", parquet(date=list(MIDNIGHTS), quantity=ITEMS["quantity"],
          product_id=pa.array([b"P1", b"P2", b"P1"])), THREE, source=Q),
    Shape("lengths of time are no quantity", parquet(date=[*MIDNIGHTS, *MIDNIGHTS][:3], product_id=ITEMS["product_id"],
          quantity=pa.array([1, 2, 3], pa.duration("ns"))), refused="row 2: found '0:00:00", source=Q),
    Shape("blank rows", parquet(date=[*MIDNIGHTS, None], product_id=["P1", "P2", "P1", None],
          quantity=[10.0, 5.5, 7.0, None]), THREE, source=Q),
    Shape("no Parquet", b"PAR1", refused="no Parquet file", source=Q),
]  # fmt: skip

PRODUCTS = [
    Shape(f"{sentinel} in an optional date", csv(*["2026-09-01,P1,1"]), [(1, "P1", 1.0)],
          products=f"product_id,product_name,launched_on,discontinued_on\nP1,Soap,2020-01-31,{sentinel}\nP2,Oil,,\n")
    for sentinel in ("0001-01-01", "1753-01-01", "1899-12-30", "1900-01-01", "1970-01-01", "9999-12-31", "0000-00-00",
                     "00.00.0000", "31.12.9999", "01.01.1900", "12/31/9999", "99991231", "00000000",
                     "9999-12-31 00:00:00", "2999-12-31")
] + [
    Shape("a bad optional cell of a product", csv("2026-09-01,P1,1"), [(1, "P1", 1.0)],
          products="product_id,product_name,unit_price\nP1,Soap,dear\nP2,Oil,3\n"),
    Shape("a product whose successor is unknown", csv("2026-09-01,P1,1"), [(1, "P1", 1.0)],
          products="product_id,product_name,successor_id\nP1,Soap,P7\nP2,Oil,\n"),
    Shape("successors in a ring", csv("2026-09-01,P1,1"), refused="successors in a ring: P1 -> P2 -> P1",
          products="product_id,product_name,successor_id\nP1,Soap,P2\nP2,Oil,P1\n"),
    Shape("a ring behind a tail", csv("2026-09-01,P1,1"), refused="in a ring: P2 -> P3 -> P2",
          products="product_id,product_name,successor_id\nP1,Soap,P2\nP2,Oil,P3\nP3,Gel,P2\n"),
    Shape("a product that succeeds itself", csv("2026-09-01,P1,1"), refused="a product that succeeds itself: P1",
          products="product_id,product_name,successor_id\nP1,Soap,P1\nP2,Oil,\n"),
]  # fmt: skip

S = {"skip_rows": {"product_id": ["total*", "", "printed on *"]}}
ACROSS = {"keep": ["product_id"], "names_to": "date", "values_to": "quantity"}


def sheets(**named):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in named.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


TOP = ["product_id", "2026-09-01", "2026-09-02"]
TWO = {"path": "sales.xlsx", "wide": {**ACROSS, "drop_zeros": False}, "measures": {"quantity": "Qty", "revenue": "Eur"}}
SET_UP = [
    Shape("rows skipped by name", csv("2026-09-01,P1,10", "2026-09-01,Total P1,10", "2026-09-02,P2,5.5", "2026-09-02,,",
          "2026-09-03,P1,7", ",TOTAL,22.5"), THREE, source=S),
    Shape("a footer shorter than the header", csv("P1,2026-09-01,10", "P2,2026-09-02,5.5", "P1,2026-09-03,7",
          "Printed on 4 September", head="product_id,date,quantity"), THREE, source=S),
    Shape("nothing to skip", csv("2026-09-01,P1,10", "2026-09-02,P2,5.5", "2026-09-03,P1,7"), THREE, source=S),
    Shape("skipping by a column that is not there", csv("2026-09-01,P1,10", head="date,Article,quantity"),
          refused="no column 'Articel'.*'Article'", source={"skip_rows": {"Articel": ["x"]}}),
    Shape("skipping a row of a wide file", csv("P1,10,", "Total,10,5.5", "P2,,5.5", head=",".join(TOP)),
          [(1, "P1", 10.0), (2, "P2", 5.5)], source={**S, "wide": ACROSS}),
    Shape("thousands", csv("2026-09-01,P1,0.01", "2026-09-02,P2,0.0055", "2026-09-03,P1,0.007"), THREE,
          source={"factors": {"quantity": 1000}}),
    Shape("dozens and a third", csv("2026-09-01,P1,30", "2026-09-02,P2,16.5", "2026-09-03,P1,21"), THREE,
          source={"factors": {"quantity": "1/3"}}),
    Shape("a factor with a decimal comma file", csv("2026-09-01;P1;20,0", "2026-09-02;P2;11,0", "2026-09-03;P1;14,0",
          head="date;product_id;quantity"), THREE, source={"factors": {"quantity": "0.5"}}),
    Shape("a factor that is none", csv("2026-09-01,P1,30"), refused="factors.quantity: dozen",
          source={"factors": {"quantity": "dozen"}}),
    Shape("a factor of a text", csv("2026-09-01,P1,30"), refused="factors.region: 2",
          source={"factors": {"region": 2}}),
    Shape("the month in the file's name", "product_id,quantity\nP1,10\nP2,5.5\n", [(1, "P1", 10.0), (1, "P2", 5.5)],
          source={"path": "sold_2026-09.csv", "from_file_name": {"date": "sold_*.csv"}}),
    Shape("a name that does not fit", "product_id,quantity\nP1,10\n", refused="a pattern that the file's name fits",
          source={"path": "sold_2026-09.csv", "from_file_name": {"date": "sales_*.csv"}}),
    Shape("one sheet per measure", sheets(Qty=[TOP, ["P1", 10, 7], ["P2", None, 5.5]],
          Eur=[TOP, ["P2", None, 55], ["P1", 100, 70]]), [(1, "P1", 10.0), (2, "P1", 7.0), (2, "P2", 5.5)],
          source=TWO),
    Shape("a measure for what was not sold", sheets(Qty=[TOP, ["P1", 10, None]], Eur=[TOP, ["P1", 100, 70]]),
          refused="1 cells of revenue without one of quantity, such as P1 / 2026-09-02", source=TWO),
    Shape("a product twice on a sheet", sheets(Qty=[TOP, ["P1", 10, 1], ["P1", 3, 1]], Eur=[TOP, ["P1", 100, 70]]),
          refused="two rows of P1 / 2026-09-01", source=TWO),
    Shape("measures of long sheets", sheets(Qty=[TOP], Eur=[TOP]), refused="measures without wide",
          source={**TWO, "wide": None}),
    Shape("weeks, a file that ends within one", csv("2026-W36,P1,10", "2026-W37,P2,5.5"),
          [(1, "P1", 2.0), (2, "P1", 2.0), (3, "P1", 2.0),
          (4, "P1", 2.0), (31, "P1", 2.0), *((day, "P2", 1.1) for day in range(7, 12))]),
]  # fmt: skip

SHAPES = [*dialects(), *LINES, *NUMBERS, *DATES, *HEADINGS, *TOTALS, *EXCEL, *PARQUET, *PRODUCTS, *SET_UP]


def test_there_are_enough_shapes():
    assert len({shape.name for shape in SHAPES}) == len(SHAPES) >= 150


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_file_is_read_right_or_refused_and_always_accounted_for(folder, shape):
    folder.settings["tolerances"] = {"quarantine_pct": 100}
    folder.table("products", shape.products)
    folder.table("sales", shape.content, **shape.source)
    if shape.refused is not None:
        with pytest.raises(BadInput, match=shape.refused):
            folder.take_in()
        SEEN["files refused"] += 1
        return
    result = folder.take_in()
    sales = result.tables["sales"].to_pylist()
    assert sorted((row["date"].day, row["product_id"], float(row["quantity"])) for row in sales) == sorted(shape.sales)
    quarantined = [row["value"] for row in result.quarantine.to_pylist() if row["table"] == "sales"]
    assert sorted(map(str, quarantined)) == sorted(map(str, shape.aside))
    entry = result.source_files.to_pylist()[-1]
    assert {name: entry[f"rows_{name}"] for name in shape.counts} == shape.counts
    assert shape.remark is None or shape.remark in entry["remarks"]
    for row in result.source_files.to_pylist():
        content = shape.content if row["table"] == "sales" else shape.products
        account_holds(row, content.encode() if isinstance(content, str) else content)


@pytest.mark.parametrize("shape", [shape for shape in PRODUCTS if "optional date" in shape.name], ids=lambda s: s.name)
def test_a_date_that_says_none_is_blank_and_others_stay(folder, shape):
    folder.table("products", shape.products)
    folder.table("sales", shape.content)
    lives = folder.take_in().tables["products"].to_pylist()
    assert [(row["launched_on"], row["discontinued_on"]) for row in lives] == [(date(2020, 1, 31), None), (None, None)]


def account_holds(row, content):
    """Counted here by hand: the text's lines, and every record and row in its place."""
    if row["file"].endswith(".csv"):
        encoding = "utf-16" if content.startswith(b"\xff\xfe") else "utf-8" if content.isascii() else None
        text = content.decode(encoding) if encoding else content.decode("latin-1")
        text = text.rstrip("\r\n").removesuffix("\x1a") if text.rstrip("\r\n").endswith("\x1a") else text
        assert row["lines"] == len(io.StringIO(text, newline=None).read().split("\n")) - text.endswith(("\n", "\r"))
    filled = row["records"] - row["records_header"] - row["records_blank"] - row["records_skipped"]
    if row["columns"] == 1:
        assert filled == row["rows_read"]
    else:
        assert filled * row["columns"] == row["rows_read"] + row["cells_left_out"]
    statuses = ("used", "duplicate", "superseded", "later", "total", "quarantined")
    assert row["rows_read"] == sum(row[f"rows_{status}"] for status in statuses)
    SEEN["files read"] += 1
    SEEN.update(
        {
            name: row[name]
            for name in ("lines", "records", "records_header", "records_blank", "records_skipped", "rows_read")
        }
    )
    SEEN.update({f"rows {status}": row[f"rows_{status}"] for status in statuses})


def test_the_totals_add_up(capsys):
    with capsys.disabled():
        listed = ", ".join(f"{count} {name}" for name, count in sorted(SEEN.items()))
        sys.stdout.write(f"\n{len(SHAPES)} shapes: {listed}\n")
    assert SEEN["rows_read"] == sum(count for name, count in SEEN.items() if name.startswith("rows "))
