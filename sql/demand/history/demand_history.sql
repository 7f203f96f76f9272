-- grain: one row per product and month of history, raw and cleansed side by side
-- demand handed over counts once on either side: raw where it was sold, cleansed where it is carried now
-- reads: demand_months, findings
select
    months.product_id,
    months.family,
    months.month,
    months.quantity,
    if(months.product_id = months.heir_id, findings.cleansed, 0)::decimal(18, 4) as cleansed,
    months.returned as returns,
    months.signal,
    if(months.product_id = months.heir_id, findings.flag, null) as flag,
    case
        when months.product_id <> months.heir_id
            then if(months.quantity <> 0, format('handed over to {}', months.heir_id), null)
        when findings.inherited <> 0
            then concat_ws(
                '; ', findings.reason, format('with {:,} of its predecessors', findings.inherited::bigint)
            )
        else
            nullif(
                concat_ws(
                    '; ',
                    if(
                        months.counted_over > 1,
                        format('an equal part of the {} months between two stock counts', months.counted_over),
                        null
                    ),
                    findings.reason
                ),
                ''
            )
    end as reason
from demand_months as months
inner join findings on months.heir_id = findings.product_id and months.month = findings.month
order by months.product_id, months.month
