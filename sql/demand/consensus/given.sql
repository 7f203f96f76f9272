-- grain: one row per stream: its place in the order in which streams are applied
create temp table precedence (stream varchar, precedence bigint);
