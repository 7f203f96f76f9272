-- grain: one row per source row of a table's files: its cells in our types, an id and a digest of the cells
-- The id orders rows by file, row and (of a wide file) column: what "earlier" means wherever rows contend.
-- reads: parts
-- binds: $file_bits bigint, $column_bits bigint
-- structure: {cells: [date, product_id, quantity, recorded_on]}
select
    file,
    row,
    cell,
    whole,
    covers,
    extra,
    broken,
    broken_value,
    {% for name in cells %}
    {{ name }},
    {% endfor %}
    (file << $file_bits) + (row << $column_bits) + position as id,
    hash({{ cells | join(', ') }}) as digest
from parts
