-- grain: one row per data row of a regular CSV file: its number (the file's first row being 1) and its cells as text
-- binds: $header_row bigint, $path file, $delimiter varchar, $longest bigint
-- structure: {names: [c0, c1], types: "'c0': 'varchar', 'c1': 'varchar'"}
select
    row_number() over () + $header_row as row,
    {{ names | join(', ') }}
from read_csv(
    $path,
    auto_detect = false,
    header = false,
    skip = $header_row,
    delim = $delimiter,
    quote = '"',
    escape = '"',
    columns = {{ '{' }}{{ types }}{{ '}' }},
    strict_mode = true,
    null_padding = false,
    max_line_size = $longest
)
