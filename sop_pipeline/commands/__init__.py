"""The commands of ``sop``, a module for each thing they are about.

A command is a few lines that read options, call one function and print what came of it. Only commands that run a cycle
import Dagster, by way of ``assets``, and only when they are called. Not here: anything a command computes.
"""
