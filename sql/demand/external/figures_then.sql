-- grain: one row per run, model, level, item and month: the figure that was known then
-- of each model and item its newest forecast that the run knows counts, whole: what an older one said of a month that
-- the newest leaves out does not; of two rows of one cell the one recorded last. No month that was over counts.
-- reads: named_figures, external_runs
-- meant: range join of forecasts with the runs, a dozen or two: each knows those made before it
with known as (
    select
        runs.origin,
        runs.is_plan,
        figures.*,
        max(figures.cycle) over (partition by runs.origin, figures.model, figures.level, figures.item_id) as newest
    from named_figures as figures
    inner join external_runs as runs
        on figures.cycle <= runs.origin and coalesce(figures.recorded_on < runs.known_before, true)
    where figures.is_planned
),

ranked as (
    select
        *,
        row_number() over (
            partition by origin, model, level, item_id, month
            order by recorded_on desc nulls last, mean desc, p90 desc, p10 desc, p50 desc
        ) as place
    from known
    where cycle = newest and month >= origin
)

select
    origin,
    is_plan,
    model,
    cycle as made_in,
    level,
    item_id,
    month,
    mean,
    p10,
    p50,
    p90
from ranked
where place = 1
order by origin, model, level, item_id, month
