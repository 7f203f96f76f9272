-- Error measures (METHODS 3), each defined once; an error is forecast - actual. Errors and actuals come in added up, as
-- doubles. A measure whose denominator is zero is null.
create macro wmape(absolute_error, absolute_actual) as absolute_error / nullif(absolute_actual, 0);

create macro bias(error, absolute_actual) as error / nullif(absolute_actual, 0);

create macro tracking_signal(error, absolute_error, errors) as error / nullif(absolute_error / errors, 0);

-- An error's size, or its square, in units of the naive forecast's: at most 10^9, so that a history that hardly moves
-- does not drown the others; decimal, so that no sum depends on the order of its terms.
create macro scaled_error(size, scale) as if(scale > 0, least(size / scale, 1e9)::decimal(28, 12), null);

create macro mase(scaled) as sum(scaled)::double / nullif(count(scaled), 0);

create macro rmsse(scaled_squared) as sqrt(sum(scaled_squared)::double / nullif(count(scaled_squared), 0));

-- How far a range may reach: beyond what there ever was, or the mean where that lies further out, no further than the
-- series has moved; from nothing to twice the most where demand was never negative. Of a series in `series_floor`.
create macro range_top(floor, high, low, mean) as greatest(high, mean) + if(
    floor = 0, greatest(high, mean), high - low
);

create macro range_bottom(floor, high, low, mean) as if(floor = 0, 0, least(low, mean) - (high - low));

-- What a month settles of an opening balance that is settled in equal parts over the lag; place counts months from 0. The
-- parts are differences of rounded running sums, so that they add up to the balance; in whole cents, since a division of
-- decimals would make floats of all that is added to it.
create macro cents_due(balance, months, lag) as (2 * (balance * 100)::hugeint * months + lag) // (2 * lag);

create macro due_of_opening(balance, place, lag) as if(
    place < greatest(lag, 1),
    cents_due(balance, place + 1, greatest(lag, 1)) - cents_due(balance, place, greatest(lag, 1)),
    0
) * 0.01;

-- A quantity counted in a common unit. Most units are the common one already, and DuckDB needs 2 microseconds to bring a
-- product of 38 digits back to four decimals, a hundred times as long as for everything else.
create macro weighed(quantity, equivalent) as if(
    equivalent = 1, quantity::decimal(28, 4), (quantity * equivalent)::decimal(28, 4)
);
