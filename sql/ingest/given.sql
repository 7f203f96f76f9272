-- grain: one row per place, a different cell of one of our columns: its text, and how many rows hold it
create temp table cells (place bigint, our varchar, cell varchar, times bigint);

-- grain: one row per place of mapped_cells, with what the registry says of its column and the day that was read
create temp table mapped (
    place bigint,
    our varchar,
    cell varchar,
    times bigint,
    kind varchar,
    is_counted boolean,
    is_share boolean,
    is_listed boolean,
    day date
);

-- grain: one row per cell that sop.yaml renames
create temp table renames (our varchar, found varchar, wanted varchar);

-- grain: one row per rule that a cell of the file may break
create temp table rules (broken bigint, column_name varchar, reason varchar);

-- grain: one row per source row, here of a table of sales: its place in its file and its cells in our types
create temp table parts as
select
    *,
    null::bigint as file,
    null::bigint as row,
    null::bigint as position,
    null::varchar as cell,
    null::varchar as extra,
    null::varchar as whole,
    null::bigint as broken,
    null::varchar as broken_value
from sales;

-- grain: one row per source row that is not used: what became of it
create temp table set_aside (id bigint, status varchar, column_name varchar, value varchar, reason varchar);

-- grain: one row per row that a file repeats (resent_rows), and per name that another table has
create temp table known (id bigint, name varchar);

-- grain: one row per row of a wide file, its cells as text
create temp table wide_cells (row bigint, c0 varchar, c1 varchar, c2 varchar);

-- grain: one row per column of a wide file that becomes rows
create temp table headings (position bigint, heading varchar);

-- grain: one row per product sold: the days of its first and last sale
create temp table sold (product_id varchar, first_sale date, last_sale date);
