-- grain: one row per run, product and month that an external figure reaches
-- A product's own figure counts first. A family's is what it sells in all: what its products' own figures leave of it
-- is spread over the others in the shares of the statistical forecast, equal ones where that is nothing; then the
-- company's likewise, over products that neither reached. A figure that is less than what was said below it, or that
-- no product is left for, contradicts that and is left out. Running totals are rounded, not shares: parts add up.
-- reads: statistical_months, figures_used
with of_product as (
    select
        months.*,
        figures.mean as own,
        figures.model as own_model
    from statistical_months as months
    left join figures_used as figures
        on
            figures.level = 'product'
            and months.origin = figures.origin
            and months.product_id = figures.item_id
            and months.month = figures.month
),

in_family as (
    select
        of_product.*,
        figures.model as spread_model,
        figures.mean
        - coalesce(sum(weighed(of_product.own, of_product.family_equivalent)) over whole, 0) as left_over,
        weighed(of_product.mean, of_product.family_equivalent) as counted,
        sum(if(of_product.own is null, weighed(of_product.mean, of_product.family_equivalent), 0)) over whole as total,
        count(*) filter (where of_product.own is null) over whole as others
    from of_product
    left join figures_used as figures
        on
            figures.level = 'family'
            and of_product.origin = figures.origin
            and of_product.family = figures.item_id
            and of_product.month = figures.month
    window whole as (partition by of_product.origin, of_product.family, of_product.month)
),

family_upto as (
    select
        *,
        (
            left_over::double * if(
                total > 0,
                sum(if(own is null, counted, 0)) over upto::double / total::double,
                count(*) filter (where own is null) over upto / nullif(others, 0)
            )
        )::decimal(28, 4) as reached
    from in_family
    window
        upto as (
            partition by origin, family, month
            order by product_id
            rows unbounded preceding
        )
),

of_family as (
    select
        * exclude (spread_model, left_over, counted, total, others, reached),
        case
            when own is not null then own
            when left_over >= 0 and others > 0
                then (
                    (
                        reached - lag(reached, 1, 0::decimal(28, 4)) over (
                            partition by origin, family, month
                            order by product_id
                        )
                    )::double / family_equivalent::double
                )::decimal(28, 4)
        end as said,
        case when own is not null then own_model when left_over >= 0 then spread_model end as model,
        if(own is null and left_over >= 0, 'family', 'product') as said_of
    from family_upto
),

in_company as (
    select
        of_family.*,
        figures.model as spread_model,
        figures.mean
        - coalesce(sum(weighed(of_family.said, of_family.company_equivalent)) over whole, 0) as left_over,
        weighed(of_family.mean, of_family.company_equivalent) as counted,
        sum(if(of_family.said is null, weighed(of_family.mean, of_family.company_equivalent), 0)) over whole as total,
        count(*) filter (where of_family.said is null) over whole as others
    from of_family
    left join figures_used as figures
        on
            figures.level = 'company'
            and of_family.origin = figures.origin
            and of_family.month = figures.month
    window whole as (partition by of_family.origin, of_family.month)
),

company_upto as (
    select
        *,
        (
            left_over::double * if(
                total > 0,
                sum(if(said is null, counted, 0)) over upto::double / total::double,
                count(*) filter (where said is null) over upto / nullif(others, 0)
            )
        )::decimal(28, 4) as reached
    from in_company
    window
        upto as (
            partition by origin, month
            order by product_id
            rows unbounded preceding
        )
),

of_company as (
    select
        origin,
        product_id,
        month,
        case
            when said is not null then said
            when left_over >= 0 and others > 0
                then (
                    (
                        reached - lag(reached, 1, 0::decimal(28, 4)) over (
                            partition by origin, month
                            order by product_id
                        )
                    )::double / company_equivalent::double
                )::decimal(28, 4)
        end as mean,
        if(said is not null, model, spread_model) as model,
        if(said is not null, said_of, 'company') as said_of
    from company_upto
)

select *
from of_company
where mean is not null
order by origin, product_id, month
