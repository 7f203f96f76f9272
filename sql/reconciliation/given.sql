-- who answers for a department, for all of it (no site) or at one site, as sop.yaml names them
create temp table owners (department varchar, site_id varchar, owner varchar);
