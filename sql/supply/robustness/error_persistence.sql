-- grain: one row per level: how a forecast's error of one month goes on in the next, over the backtest's origins
-- correlation of scaled errors of neighbouring lags; an item's errors count in units of its own root mean square
-- their common bias is taken off first, since the range's middle carries it
-- reads: forecast_backtest
-- binds: $approach varchar
with errors as (
    select
        level,
        item_id,
        origin,
        lag,
        (actual - forecast)::double as error,
        sqrt(
            avg((actual - forecast)::decimal(38, 4) * (actual - forecast)) over (partition by level, item_id)
        ) as size
    from forecast_backtest
    where approach = $approach
),

scored as (
    select
        level,
        item_id,
        origin,
        lag,
        (error / size)::decimal(28, 9) as score
    from errors
    where size > 0
),

centred as (
    select
        level,
        item_id,
        origin,
        lag,
        score::double - (sum(score) over (partition by level))::double / count(*) over (partition by level) as score
    from scored
),

pairs as (
    select
        this.level,
        (this.score * next.score)::decimal(28, 9) as product,
        (this.score * this.score)::decimal(28, 9) as square,
        (next.score * next.score)::decimal(28, 9) as next_square
    from centred as this
    inner join centred as next
        on
            this.level = next.level
            and this.item_id = next.item_id
            and this.origin = next.origin
            and this.lag + 1 = next.lag
)

select
    level,
    count(*) as pairs,
    sum(product)::double / nullif(sqrt(sum(square)::double * sum(next_square)::double), 0) as persistence
from pairs
group by level
order by level
