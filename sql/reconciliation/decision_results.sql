-- grain: one row per decision of the company's file or recorded with sop decide
-- What came of it is the company's own figure, else that of decision_realised; without one, why it is not known.
-- reads: decisions, recorded_decisions, decision_realised
with last_records as (
    select * exclude (place)
    from (
        select
            *,
            row_number() over (partition by decision_id order by cycle desc, number desc) as place
        from recorded_decisions
    ) as ranked
    where place = 1
),

results as (
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
            case last_records.action
                when 'adopt' then 'open' when 'reject' then 'dropped' when 'defer' then 'deferred'
            end
        ) as status,
        coalesce(decisions.promised_value, last_records.effect) as promised_value,
        decisions.realised_value as own_value
    from decisions
    full outer join last_records on decisions.decision_id = last_records.decision_id
),

judged as (
    select
        results.*,
        decision_realised.realised_to,
        decision_realised.promised_to_date,
        decision_realised.realised,
        case
            when results.source = 'file' then 'own_list'
            when results.action <> 'adopt' or coalesce(lower(results.status) = 'dropped', false) then 'not_taken'
            when decision_realised.decision_id is null then 'no_promise'
            when decision_realised.unknown = 'whole_plan' and results.kind = 'gap' then 'opportunity'
            else decision_realised.unknown
        end as unknown
    from results
    left join decision_realised on results.decision_id = decision_realised.decision_id
)

select
    * exclude (own_value, realised, unknown, promised_to_date, realised_to),
    if(unknown is distinct from 'not_taken', promised_to_date, null) as promised_to_date,
    if(unknown is distinct from 'not_taken', realised_to, null) as realised_to,
    coalesce(own_value, if(unknown is null, realised, null)) as realised_value,
    case when own_value is not null then 'company' when unknown is null then 'actuals' end as realised_by,
    if(own_value is null, unknown, null) as unknown
from judged
