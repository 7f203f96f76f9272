"""What people are told of a run or of late input, and how it reaches them.

What belongs here: the words of a notice, the section of the runbook that helps, and its way by e-mail and webhook. Not
here: when there is something to tell (``assets``), nor the mail server (``mail``). A notice never stops a run.
"""

from sop_pipeline.notices.notice import Notice
from sop_pipeline.notices.send import send

__all__ = ["Notice", "send"]
