"""The planning cycle in Dagster: assets, checks, schedules and sensors, generated from the steps.

What belongs here: how a company's steps become assets, and how Dagster runs and shows them. Not here: what a step
reads, makes or checks (``sop_pipeline.steps``), nor any computation on rows.
"""

import warnings

# parts of Dagster that it calls unfinished and that are used here all the same, each tested (decision 0037)
warnings.filterwarnings("ignore", message="Specifying a partitions_def on an AssetCheckSpec")
warnings.filterwarnings("ignore", message="Class `(LocalFileCodeReference|CodeReferencesMetadataValue)`")
