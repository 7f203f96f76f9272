-- grain: one row per product
create temp table stock_policy as select product_id, risk_months, service_level from opening_state;
