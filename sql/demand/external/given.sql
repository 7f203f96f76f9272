-- grain: one row per run: the cycle planned now (`is_plan`), and each past one of the backtest; a row recorded before
-- `known_before` was known to it
create temp table external_runs (origin date, known_before date, is_plan boolean);
