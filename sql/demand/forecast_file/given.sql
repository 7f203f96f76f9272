-- grain: one row per line of the file: its cells as text
create temp table lines (column_0 varchar, column_1 varchar, column_2 varchar, column_3 varchar);
