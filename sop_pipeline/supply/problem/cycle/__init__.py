"""The planning problem of a company's month, made from its tables and the demand plan."""
