-- grain: one row per row of the file: its cells in our types, and how many days it is about from its date on
create temp table file_cells (row bigint, covers smallint, unique_id varchar, group_1 varchar, date date, value double);

-- grain: one row per date and days that rows are about, and period they have a share of
create temp table shares (date date, covers smallint, period bigint, share double, weeks bigint);

-- grain: one row per month that the engine counts a period as: the period's name, and the weeks it has
create temp table names (month date, name varchar, weeks bigint);
