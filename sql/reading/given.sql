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

-- grain: one row per row of a wide file, its cells as text
create temp table wide_cells (row bigint, c0 varchar, c1 varchar, c2 varchar);

-- grain: one row per column of a wide file that becomes rows
create temp table headings (position bigint, heading varchar);
