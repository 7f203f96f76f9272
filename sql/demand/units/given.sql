-- grain: one row per approach, level, item and month (of a backtest: and origin) as the engine gave it
create temp table engine_rows (
    approach varchar,
    level varchar,
    item_id varchar,
    month date,
    origin date,
    lag bigint,
    mean decimal(28, 4),
    forecast decimal(28, 4),
    actual decimal(28, 4)
);
