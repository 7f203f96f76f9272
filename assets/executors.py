"""Where the steps of a run work: one after another in the run's own process, or several at once, each in its own.

A run has one writer either way: its process holds the cycle's lock, and those of its steps work under it
(``resources``). Not here: which steps may run at the same time, as edges and pools say that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets.resources import CompanyResource

if TYPE_CHECKING:
    from dagster._core.execution.context.system import PlanOrchestrationContext
    from dagster._core.execution.plan.plan import ExecutionPlan
    from dagster._core.execution.retries import RetryMode


def executor_of(company: CompanyResource) -> dg.ExecutorDefinition:
    """Return what runs a company's steps, as ``operation.processes`` has it."""
    processes = company.operation.processes
    if processes == 1:
        return dg.in_process_executor
    forked = {"max_concurrent": processes, "start_method": {"forkserver": {"preload_modules": ["assets.forked"]}}}
    return under_one_lock(company, dg.multiprocess_executor).configured(forked, name="processes")


def under_one_lock(company: CompanyResource, executor: dg.ExecutorDefinition) -> dg.ExecutorDefinition:
    """Return an executor whose steps have processes of their own, with the cycle's lock held by the run's."""

    def made(context: dg.InitExecutorContext) -> dg.Executor:
        make: Any = executor.executor_creation_fn
        return _UnderOneLock(company, make(context))

    return dg.ExecutorDefinition(
        name=executor.name,
        config_schema=executor.config_schema,  # type: ignore[arg-type]
        requirements=executor.get_requirements,
        executor_creation_fn=made,
    )


class _UnderOneLock(dg.Executor):
    def __init__(self, company: CompanyResource, executor: dg.Executor) -> None:
        self._company, self._executor = company, executor

    @property
    def retries(self) -> RetryMode:
        return self._executor.retries

    @property
    def step_dependency_config(self) -> Any:
        return self._executor.step_dependency_config

    def execute(self, plan_context: PlanOrchestrationContext, execution_plan: ExecutionPlan) -> Iterator[Any]:
        with self._company.written_by(plan_context.dagster_run, plan_context.instance):
            yield from self._executor.execute(plan_context, execution_plan)
