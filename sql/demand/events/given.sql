-- grain: one row per run: the cycle planned now (no origin), and each past one of the backtest; a row recorded before
-- `known_before` was known to it
create temp table event_runs (origin date, known_before date);

-- grain: one row per run, product and month with an effect; today's run has no origin, and the past months too
create temp table event_factors (origin date, product_id varchar, month date, factor double, deviation double);

-- grain: one row per product that is forecast, and month of history, as it was
create temp table whole_series (unique_id varchar, month date, y decimal(28, 4));

-- grain: one row per level, item and kind of event: its effect today
create temp table effects_today (
    level varchar,
    item_id varchar,
    kind varchar,
    outcome varchar,
    used boolean,
    effect double,
    standard_error double,
    cases bigint,
    pooled_cases bigint,
    drawn_from varchar
);

-- grain: one row per level, item, kind and planned month with an event: its size, and the share of the month's forecast
-- that it brings
create temp table events_ahead (
    level varchar, item_id varchar, kind varchar, month date, size double, share double
);
