-- grain: one row per place: a different cell of one of our columns as trimmed text (blank is null), renamed
-- times counts the rows that hold it
-- the tests for plain letters spare clean cells the work: they halve the time of a large file
-- letters with marks are composed as everywhere but on a Mac; those that nobody sees (zero-width space, word joiner,
-- soft hyphen, byte-order mark) are left out
-- reads: cells, renames
with composed as (
    select
        place,
        our,
        times,
        case
            when strlen(cell) = length(cell) then cell
            else nfc_normalize(translate(cell, chr(8203) || chr(8288) || chr(173) || chr(65279), ''))
        end as cell
    from cells
),

tidied as (
    select
        place,
        our,
        times,
        case
            when ascii(cell) between 33 and 126 and ascii(right(cell, 1)) between 33 and 126 then cell
            else nullif(trim(cell, chr(32) || chr(9) || chr(10) || chr(13) || chr(160)), '')
        end as cell
    from composed
)

select
    tidied.place,
    tidied.our,
    tidied.times,
    case when renames.found is null then tidied.cell else nullif(renames.wanted, '') end as cell
from tidied
left join renames on tidied.our = renames.our and tidied.cell = renames.found
order by tidied.place
