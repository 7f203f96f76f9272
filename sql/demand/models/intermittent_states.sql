-- grain: one row per node and cutoff whose demand is intermittent
-- One pass over the raw history, first entries at the cutoff:
--   Croston: smoothed size of demands over smoothed interval between them (Syntetos and Boylan 2005 correct its bias);
--   TSB: smoothed size times smoothed probability, which fades when demand ends (Teunter, Syntetos and Babai 2011);
--   simple exponential smoothing of the history as it is, zeros included.
-- Sizes start from the first demand. The first value alone says little of how often demand comes: level and probability
-- start from the mean of `seed_periods`.
-- reads: adjusted
-- binds: $seed_periods bigint, $croston_alpha double, $tsb_alpha double, $level_alpha double
with intermittent as (
    select
        node_id,
        cutoff,
        coalesce(list_filter(history, lambda v: v <> 0)[1], 0) as first_size,
        list_avg(history[1:least(cutoff, $seed_periods)]) as first_level,
        list_avg(list_transform(history[1:least(cutoff, $seed_periods)], lambda v: if(v = 0, 0.0, 1.0)))
            as first_probability,
        list_transform(history, lambda v: {
            'size': v,
            'interval': 0.0::double,
            'since': 0.0::double,
            'tsb_size': 0.0::double,
            'probability': 0.0::double,
            'level': 0.0::double,
            'states': []::struct(croston_sba double, tsb double, ses double)[]
        }) as steps
    from adjusted
    where is_intermittent
),

passed as (
    select
        node_id,
        cutoff,
        list_reduce(
            steps,
            lambda s, v, i: {
                'size': if(v.size = 0, s.size, s.size + $croston_alpha * (v.size - s.size)),
                'interval': case
                    when v.size = 0 then s.interval
                    when s.since < 0 then i
                    else s.interval + $croston_alpha * (s.since + 1 - s.interval)
                end,
                'since': case when v.size <> 0 then 0 when s.since < 0 then -1 else s.since + 1 end,
                'tsb_size': if(v.size = 0, s.tsb_size, s.tsb_size + $tsb_alpha * (v.size - s.tsb_size)),
                'probability': s.probability + $tsb_alpha * (if(v.size = 0, 0, 1) - s.probability),
                'level': s.level + $level_alpha * (v.size - s.level),
                'states': case
                    when i < cutoff then s.states
                    else list_append(
                        s.states,
                        {
                            'croston_sba': (1 - $croston_alpha / 2)
                            * if(v.size = 0, s.size, s.size + $croston_alpha * (v.size - s.size))
                            / case
                                when v.size = 0 then s.interval
                                when s.since < 0 then i
                                else s.interval + $croston_alpha * (s.since + 1 - s.interval)
                            end,
                            'tsb': if(v.size = 0, s.tsb_size, s.tsb_size + $tsb_alpha * (v.size - s.tsb_size))
                            * (s.probability + $tsb_alpha * (if(v.size = 0, 0, 1) - s.probability)),
                            'ses': s.level + $level_alpha * (v.size - s.level)
                        }
                    )
                end
            },
            {
                'size': first_size,
                'interval': 1.0::double,
                'since': -1.0::double,
                'tsb_size': first_size,
                'probability': first_probability,
                'level': first_level,
                'states': []::struct(croston_sba double, tsb double, ses double)[]
            }
        ).states as states
    from intermittent
)

select
    node_id,
    cutoff,
    states
from passed
