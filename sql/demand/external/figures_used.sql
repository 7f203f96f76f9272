-- grain: one row per run, level, item and month: the figure of the model that is used there
-- reads: figures_then, external_accuracy
select
    figures.origin,
    figures.is_plan,
    figures.model,
    figures.level,
    figures.item_id,
    figures.month,
    figures.mean,
    figures.p10,
    figures.p50,
    figures.p90
from figures_then as figures
inner join external_accuracy as accuracy
    on figures.model = accuracy.model and figures.level = accuracy.level and figures.item_id = accuracy.item_id
where accuracy.used
order by figures.origin, figures.level, figures.item_id, figures.month
