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
    null::smallint as covers,
    null::bigint as broken,
    null::varchar as broken_value
from sales;

-- grain: one row per source row that is not used: what became of it
create temp table set_aside (id bigint, status varchar, column_name varchar, value varchar, reason varchar);

-- grain: one row per row that a file repeats (resent_rows), and per name that another table has
create temp table known (id bigint, name varchar);

-- grain: one row per product sold: the days of its first and last sale
create temp table sold (product_id varchar, first_sale date, last_sale date);

-- grain: one row per day that has a share of a week or period that begins on ``first``: the ``number``-th ``of`` so many
create temp table day_shares (first date, days bigint, day date, number bigint, of bigint);

-- grain: one row per standing row of a business plan, and of demand inputs: its place and the days it covers
create temp table plan_rows as
select
    *,
    null::bigint as id,
    null::bigint as file,
    null::bigint as row,
    null::smallint as covers
from business_plan;
create temp table input_rows as
select
    *,
    null::bigint as id,
    null::smallint as covers
from demand_inputs;

-- grain: one row per row of a plan and day it has a share of, the ``number``-th ``of`` so many in its ``unit``
create temp table unit_days (
    id bigint, file bigint, unit bigint, number bigint, of bigint, day date, is_worked boolean
);

-- grain: one row per month that a plan has a day of: how many of its days are worked
create temp table month_days (month date, worked bigint);

-- grain: one row per row that names both a product and a family
create temp table named (id bigint, file bigint, row bigint, product_id varchar, family varchar);
