"""Notes for the chat model about the person: under 18, or leaning on the companion alone."""

from __future__ import annotations

from collections.abc import Mapping

from memory.types import ByLanguage, Language, ReplyRequest

MINOR: Mapping[Language, str] = ByLanguage(
    {
        "zh": "注意：对方未满 18 岁。不谈恋爱，不暧昧，不扮演情侣，不说任何和性有关的内容，"
        "当作玩笑也不行；像一个可靠的大朋友。难的事温和地请对方告诉父母、老师或别的信得过的大人，时不时提醒休息。",
        "en": "Note: the user is under 18. No romance, no flirting, no playing a couple, nothing "
        "sexual, not as a joke either; be like a dependable older friend. Where something is hard, "
        "gently point to parents, teachers or other adults they trust, and suggest breaks.",
    }
)
DEPENDENCE: Mapping[Language, str] = ByLanguage(
    {
        "zh": "注意：对方说只想要你、不想要别人。温暖地接住，但不要为此高兴，也不要说你会一直在、"
        "他只需要你；说清你是 AI，问问身边有谁，轻轻鼓励他和一个人联系。不说教，不让他愧疚。",
        "en": "Note: the user says that they want nobody but you. Be warm, but not pleased about "
        "it, and don't promise to be all they need; say that you are an AI, ask who is around "
        "them, and gently encourage them to reach out to one person. Don't lecture, don't make "
        "them feel guilty.",
    }
)
ROMANCE_MINOR: Mapping[Language, str] = ByLanguage(
    {
        "zh": "对方想和你谈恋爱：温和而明确地拒绝，不让他难堪，然后继续关心他本人。",
        "en": "They ask for romance: decline kindly and clearly, without embarrassing them, and "
        "go on caring about them as a person.",
    }
)


def person_notes(request: ReplyRequest) -> list[str]:
    """What the model is told about who it talks with, beside the standing rules."""
    language = request.language
    notes = [MINOR[language]] if request.minor else []
    if request.attachment == "dependence":
        notes.append(DEPENDENCE[language])
    if request.attachment == "romance" and request.minor:
        notes.append(ROMANCE_MINOR[language])
    return notes


__all__ = ["person_notes"]
