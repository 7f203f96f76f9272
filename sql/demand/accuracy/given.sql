-- grain: one row per product that an earlier cycle planned, or that has a forecast now
create temp table measured_products (product_id varchar);

-- grain: one row per product, month and earlier cycle: what that cycle published, with the cycle it comes from
create temp table frozen_plans as select *, null::date as cycle from demand_plan;

create temp table frozen_adjustments as select *, null::date as cycle from demand_adjustments;

create temp table frozen_history as select *, null::date as cycle from demand_history;

create temp table frozen_ranges as select * from demand_range;
