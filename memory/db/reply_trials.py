"""Reply trials: situations to try prompts and personas on, and the replies that were kept."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, replace

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Table,
    delete,
    insert,
    or_,
    select,
    update,
)

from memory.db.repository import Repository
from memory.db.sessions import owned
from memory.db.tables import messages, reply_trials, situations, trial_answers
from memory.errors import NotFound
from memory.types import (
    Language,
    Owner,
    ReplyTrial,
    Situation,
    TrialAnswer,
    TrialRating,
    TrialSide,
    TriedReply,
)

NAME_LENGTH = 120


class ReplyTrials(Repository):
    """What is nobody's is for every designer; what comes from a session goes with its message.

    Whoever asks names the owner that is looked at: the words of others aren't found.
    """

    def add_situation(self, situation: Situation) -> Situation:
        """Keep a situation.

        Raises:
            NotFound: it names a message that isn't its owner's.
        """
        owner = situation.owner
        kept = replace(
            situation,
            id=str(uuid.uuid4()),
            name=situation.name[:NAME_LENGTH],
            created_at=self._engine.clock(),
        )
        body = {
            "message": kept.message,
            "history": [list(said) for said in kept.history],
            "memories": list(kept.memories),
            "user_name": kept.user_name,
        }
        with self._write() as connection:
            _check_message(connection, owner, kept.message_id)
            connection.execute(
                insert(situations).values(
                    id=kept.id,
                    **_whose(owner),
                    message_id=kept.message_id,
                    name=kept.name,
                    language=kept.language,
                    # The words of a session stay where they are.
                    body={} if owner else body,
                    created_at=kept.created_at,
                )
            )
        return kept

    def situations(self, owner: Owner, language: Language) -> list[Situation]:
        """Those of nobody and of ``owner`` in one language, the newest first."""
        chosen = (
            select(situations)
            .where(_within(situations, owner), situations.c.language == language)
            .order_by(situations.c.seq.desc())
        )
        with self._read() as connection:
            return [_situation(row) for row in connection.execute(chosen).mappings()]

    def delete_situation(self, owner: Owner, id: str) -> None:
        """Forget a situation; what was tried on it stays."""
        with self._write() as connection:
            connection.execute(
                delete(situations).where(situations.c.id == id, _within(situations, owner))
            )

    def begin(self, language: Language, sides: Sequence[TrialSide]) -> ReplyTrial:
        """Keep a trial, as yet without answers."""
        id, at = str(uuid.uuid4()), self._engine.clock()
        row = insert(reply_trials).values(
            id=id, language=language, sides=[asdict(side) for side in sides], created_at=at
        )
        with self._write() as connection:
            number = connection.scalar(row.returning(reply_trials.c.seq))
        return ReplyTrial(id, number or 0, language, tuple(sides), at)

    def add_answer(self, trial_id: str, answer: TrialAnswer) -> None:
        """Keep what came of one situation.

        Raises:
            NotFound: the message was deleted meanwhile.
        """
        owner = answer.owner
        with self._write() as connection:
            _check_message(connection, owner, answer.message_id)
            connection.execute(
                insert(trial_answers).values(
                    trial_id=trial_id,
                    number=answer.number,
                    **_whose(owner),
                    message_id=answer.message_id,
                    situation_id=answer.situation_id,
                    name=answer.name[:NAME_LENGTH],
                    message=answer.message,
                    replies=[asdict(reply) for reply in answer.replies],
                    rating=answer.rating,
                )
            )

    def rate(self, owner: Owner, trial_id: str, number: int, rating: TrialRating | None) -> None:
        """Say which reply is better, or take it back.

        Raises:
            NotFound: no such answer that ``owner`` may be asked for.
        """
        with self._write() as connection:
            done = connection.execute(
                update(trial_answers)
                .where(
                    trial_answers.c.trial_id == trial_id,
                    trial_answers.c.number == number,
                    _within(trial_answers, owner),
                )
                .values(rating=rating)
            )
            if done.rowcount != 1:
                raise NotFound(code="trial_not_found")

    def of(self, owner: Owner, limit: int = 50) -> list[ReplyTrial]:
        """The latest trials with any answer of nobody or of ``owner``, the newest first."""
        answered = select(trial_answers.c.trial_id).where(_within(trial_answers, owner))
        chosen = (
            select(reply_trials)
            .where(reply_trials.c.id.in_(answered))
            .order_by(reply_trials.c.seq.desc())
            .limit(limit)
        )
        with self._read() as connection:
            trials = {row["id"]: _trial(row) for row in connection.execute(chosen).mappings()}
            answers: dict[str, list[TrialAnswer]] = {id: [] for id in trials}
            rows = connection.execute(
                select(trial_answers)
                .where(trial_answers.c.trial_id.in_(list(trials)), _within(trial_answers, owner))
                .order_by(trial_answers.c.number)
            ).mappings()
            for row in rows:
                answers[row["trial_id"]].append(_answer(row))
        return [replace(trial, answers=tuple(answers[id])) for id, trial in trials.items()]

    def delete(self, owner: Owner, trial_id: str) -> None:
        """Forget the answers of a trial that ``owner`` may be asked for, and it if none is left."""
        left = select(trial_answers.c.number).where(trial_answers.c.trial_id == trial_id)
        with self._write() as connection:
            connection.execute(
                delete(trial_answers).where(
                    trial_answers.c.trial_id == trial_id, _within(trial_answers, owner)
                )
            )
            if connection.execute(left.limit(1)).first() is None:
                connection.execute(delete(reply_trials).where(reply_trials.c.id == trial_id))


def _check_message(connection: Connection, owner: Owner | None, message_id: str | None) -> None:
    if owner is None:
        return
    mine = (messages.c.id == message_id) & owned(messages.c, owner)
    if connection.execute(select(messages.c.id).where(mine)).first() is None:
        raise NotFound(code="message_not_found")


def _within(table: Table, owner: Owner) -> ColumnElement[bool]:
    return or_(table.c.user_id == "", owned(table.c, owner))


def _whose(owner: Owner | None) -> dict[str, str]:
    """The owner's columns; empty for what is nobody's."""
    return {
        "user_id": owner.user_id if owner else "",
        "persona_id": owner.persona_id if owner else "",
    }


def _owner(row: RowMapping) -> Owner | None:
    return Owner(row["user_id"], row["persona_id"]) if row["user_id"] else None


def _situation(row: RowMapping) -> Situation:
    body = row["body"]
    return Situation(
        id=row["id"],
        name=row["name"],
        language=row["language"],
        message=body.get("message", ""),
        history=tuple((role, text) for role, text in body.get("history", ())),
        memories=tuple(body.get("memories", ())),
        user_name=body.get("user_name", ""),
        owner=_owner(row),
        message_id=row["message_id"],
        created_at=row["created_at"],
    )


def _trial(row: RowMapping) -> ReplyTrial:
    sides = tuple(TrialSide(**side) for side in row["sides"])
    return ReplyTrial(row["id"], row["seq"], row["language"], sides, row["created_at"])


def _answer(row: RowMapping) -> TrialAnswer:
    return TrialAnswer(
        number=row["number"],
        situation_id=row["situation_id"],
        name=row["name"],
        message=row["message"],
        replies=tuple(TriedReply(**reply) for reply in row["replies"]),
        rating=row["rating"],
        owner=_owner(row),
        message_id=row["message_id"],
    )
