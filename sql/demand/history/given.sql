-- grain: one row per product and month from which its demand moves on another level
create temp table shifts (product_id varchar, month date, level_change double);
