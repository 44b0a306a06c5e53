"""The stories of the demo, by the room of the life-cycle that each was written for."""

from claims.demo.stories import (
    absorbed,
    answered,
    asked,
    coming_in,
    disputed,
    paying,
    questions,
    recovered,
    silent,
)
from claims.demo.story import Story

STORIES: tuple[Story, ...] = (
    *coming_in.STORIES,
    *questions.STORIES,
    *asked.STORIES,
    *answered.STORIES,
    *silent.STORIES,
    *disputed.STORIES,
    *absorbed.STORIES,
    *recovered.STORIES,
    *paying.STORIES,
)
