"""Speech acts: clauses that state nothing, such as questions, orders and hearsay."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseFilters:
    """The patterns of one language; those that are matched begin with the clause.

    Attributes:
        question: Asks something, unless ``no_question`` is found in it.
        condition: A condition or wish.
        sarcasm: What nobody says of themselves in earnest.
        text_task: A task about some text, which follows.
        guess: Guesses, hearsay, dreams and stories.
        order: A request, thanks, a farewell, or something said about the listener; matched.
        report: What somebody else said, thinks or wants; matched.
        retraction: "Just kidding"; matched.
        meta: Words about the conversation itself.
    """

    question: re.Pattern[str]
    no_question: re.Pattern[str] | None = None
    condition: re.Pattern[str]
    sarcasm: re.Pattern[str]
    text_task: re.Pattern[str]
    guess: tuple[re.Pattern[str], ...]
    order: re.Pattern[str]
    report: re.Pattern[str]
    retraction: re.Pattern[str]
    meta: re.Pattern[str]

    def asks(self, clause: str, mark: bool) -> bool:
        """Whether ``clause`` is a question; ``mark`` if a question mark follows it."""
        if mark:
            return True
        return bool(self.question.search(clause)) and not (
            self.no_question and self.no_question.search(clause)
        )

    def unreal(self, clause: str) -> bool:
        """A condition or wish: what follows in the sentence didn't happen either."""
        return bool(self.condition.search(clause))

    def absurd(self, clause: str) -> bool:
        """Sarcasm of the kind that takes the rest of the sentence with it."""
        return bool(self.sarcasm.search(clause))

    def makes_unreal(self, clause: str) -> bool:
        """Whether neither ``clause`` nor what follows in the sentence is so."""
        return (
            self.unreal(clause) or self.absurd(clause) or self.text_task.search(clause) is not None
        )

    def retracts(self, clause: str) -> bool:
        """ "Just kidding": takes back what was said before."""
        return bool(self.retraction.match(clause))

    def states_nothing(self, clause: str, mark: bool) -> bool:
        """Whether ``clause`` asks, guesses, orders, reports or speaks of the talk itself."""
        return (
            self.asks(clause, mark)
            or any(pattern.search(clause) for pattern in self.guess)
            or bool(self.order.match(clause))
            or bool(self.report.match(clause))
            or bool(self.meta.search(clause))
        )
