"""The planning cycle in Dagster: assets, checks, schedules and sensors, generated from the steps.

What belongs here: how a company's steps become assets, and how Dagster runs and shows them. Not here: what a step
reads, makes or checks (``sop_pipeline.steps``), nor any computation on rows.
"""
