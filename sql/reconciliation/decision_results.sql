-- grain: one row per decision of the company's file or recorded with sop decide
-- reads: decisions, recorded_decisions
with last_records as (
    select * exclude (place)
    from (
        select
            *,
            row_number() over (partition by decision_id order by cycle desc, number desc) as place
        from recorded_decisions
    ) as ranked
    where place = 1
)

select
    coalesce(decisions.decision_id, last_records.decision_id) as decision_id,
    case
        when last_records.decision_id is null then 'file'
        when decisions.decision_id is null then 'recorded'
        else 'both'
    end as source,
    coalesce(last_records.cycle, decisions.cycle) as cycle,
    decisions.question,
    decisions.chosen,
    last_records.action,
    last_records.kind,
    last_records.subject,
    last_records."limit",
    last_records.choice,
    last_records.choice_subject,
    last_records.choice_month,
    last_records.month_from,
    last_records.month_to,
    last_records.quantity,
    coalesce(last_records.by, decisions.by) as by,
    last_records.why,
    coalesce(last_records."on", decisions."on") as "on",
    coalesce(decisions.owner, last_records.owner) as owner,
    last_records.department,
    last_records.site_id,
    coalesce(decisions.due, last_records.due) as due,
    coalesce(
        decisions.status,
        case last_records.action when 'adopt' then 'open' when 'reject' then 'dropped' when 'defer' then 'deferred' end
    ) as status,
    coalesce(decisions.promised_value, last_records.effect) as promised_value,
    decisions.realised_value
from decisions
full outer join last_records on decisions.decision_id = last_records.decision_id
