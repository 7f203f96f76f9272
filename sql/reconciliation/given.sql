-- who answers for a department, for all of it (no site) or at one site, as sop.yaml names them
create temp table owners (department varchar, site_id varchar, owner varchar);

-- who is served first of a dimension's markets, and the least share each gets, as sop.yaml has them
create temp table allotment_rules (
    dimension varchar,
    market varchar,
    priority bigint,
    least_share_pct decimal(28, 6)
);

-- what every plan is measured against over its first months, as sop.yaml has it
create temp table goals (
    goal bigint,
    measure varchar,
    months bigint,
    at_least decimal(28, 6),
    at_most decimal(28, 6)
);
