"""What the demand plan takes of every resource, and the hours there are: before any plan is made (METHODS 4)."""
