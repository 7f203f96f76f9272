-- grain: one row per series and period
create temp table given_history (unique_id varchar, month date, y decimal(28, 4));

-- grain: one row per series and level of the hierarchy
create temp table ancestry (unique_id varchar, level_no bigint, level varchar, item_id varchar, parent_item_id varchar);

-- the names of the approaches that are computed, in the order of the alphabet
create temp type approach_name as enum ('bottom_up', 'middle_out', 'naive', 'reconciled');

-- grain: one row per series, run and period
create temp table minimum_trace (leaf_id bigint, run bigint, period integer, mean double);

-- grain: one row per node, origin and lag: the mean of several models
create temp table combined (node_id integer, newest boolean, origin_period bigint, lag bigint, mean double);

-- grain: one row per node whose real forecast is made of other models than the batch's
create temp table node_models (node_id bigint, model varchar);

-- grain: one row per node whose demand is intermittent
create temp table rare_medians (node_id integer, median double);
