"""Who else reads an attempt: the examination and the critic, loaded where they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nl2efg.models import Model
    from nl2efg.pipeline.attempts import BuildAttempt, Sample
    from nl2efg.pipeline.options import Options


async def read_again(
    tried: BuildAttempt, model: Model, text: str, sample: Sample, options: Options, number: int = 0
) -> BuildAttempt:
    """The attempt after the examination and, for the first one, the critic.

    Args:
        tried: the last attempt of the sample.
        model: who answers.
        text: the description.
        sample: whose last attempt is replaced by what is returned.
        options: of the compilation, which say whether anybody is asked.
        number: how many programs of this sample were read before.

    Raises:
        ServiceError: of a reader's.
    """
    criticises = options.critic and number == 0
    if not options.verifies and not criticises:
        return tried
    from nl2efg.pipeline.verification import criticise, verify_attempt

    tried = await verify_attempt(tried, model, text, sample, options, number)
    if criticises and tried.built.tree is not None:
        tried = await criticise(tried, model, text, sample, options)
    return tried
