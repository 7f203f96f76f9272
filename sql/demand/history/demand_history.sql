-- grain: one row per product and month of history, raw and cleansed side by side
-- demand handed over counts once on either side: raw where it was sold, cleansed where it is carried now
-- a month from which demand moves on another level is flagged, where nothing else was found
-- reads: demand_months, findings, shifts
select
    months.product_id,
    months.family,
    months.month,
    months.quantity,
    if(months.product_id = months.heir_id, findings.cleansed, 0)::decimal(28, 4) as cleansed,
    months.returned as returns,
    months.signal,
    if(
        months.product_id = months.heir_id,
        coalesce(findings.flag, if(shifts.level_change is null, null, 'level_shift')),
        null
    ) as flag,
    if(months.product_id = months.heir_id, findings.expected, null) as expected,
    if(months.product_id = months.heir_id, findings.limits_away, null) as limits_away,
    if(months.product_id = months.heir_id and findings.flag is null, shifts.level_change, null) as level_change,
    if(months.product_id = months.heir_id, findings.coverage, null) as coverage,
    if(months.product_id = months.heir_id, findings.edge_day, null) as edge_day,
    if(months.product_id = months.heir_id, findings.covered_days, null) as covered_days,
    if(months.product_id = months.heir_id, findings.trading_days, null) as trading_days,
    if(months.product_id = months.heir_id, findings.remedy, null) as remedy,
    if(months.product_id <> months.heir_id and months.quantity <> 0, months.heir_id, null) as handed_to,
    if(months.product_id = months.heir_id, nullif(findings.inherited, 0), null)::decimal(28, 4) as inherited,
    if(months.counted_over > 1 and months.product_id = months.heir_id, months.counted_over, null) as counted_over
from demand_months as months
inner join findings on months.heir_id = findings.product_id and months.month = findings.month
left join shifts on months.heir_id = shifts.product_id and months.month = shifts.month
order by months.product_id, months.month
