-- grain: one row per node and cutoff with a level shift: the first months of a level, and a factor for every month
create temp table level_shifts (node_id integer, cutoff bigint, places bigint[], factors double[]);
