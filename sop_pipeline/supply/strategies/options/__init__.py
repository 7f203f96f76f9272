"""What raising a limit brings: the plan made again with it, beside the plan as it stands."""
