create temp table rows_before as from products;
create temp table rows_after as from products;
