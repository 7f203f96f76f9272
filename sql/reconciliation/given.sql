-- who answers for a department, for all of it (no site) or at one site, as sop.yaml names them
create temp table owners (department varchar, site_id varchar, owner varchar);

-- who is served first of a dimension's markets, and the least share each gets, as sop.yaml has them
create temp table allotment_rules (
    dimension varchar,
    market varchar,
    priority bigint,
    least_share_pct decimal(18, 6)
);
