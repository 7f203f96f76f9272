"""``sop forecast``: an analyst's file in, a forecast file out; no company folder needed."""
