-- grain: one row per product and month of history, in that order: its cleansed demand
-- peaks of events whose effect is not used are as the months around them let expect
-- reads: demand_history, event_factors
select if(history.flag = 'event' and factors.factor is null, history.expected, history.cleansed) as cleansed
from demand_history as history
left join event_factors as factors
    on history.product_id = factors.product_id and history.month = factors.month and factors.origin is null
order by history.product_id, history.month
