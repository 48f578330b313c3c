"""``POST /api/chat/audio``: something spoken becomes text, and gets its reply."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import Response
from sse_starlette import EventSourceResponse

from memory.api.chat_stream import PING_SECONDS, begin, events, finish, in_thread
from memory.api.dependencies import ForChat, RequestScope
from memory.api.fields import PersonaId, SessionName, UserId
from memory.api.requests import ChatRequest
from memory.api.responses.chat import AudioAnswer
from memory.attachments.audio import MOST_BYTES, Recording, read_recording
from memory.chat.companion import MAX_MESSAGE
from memory.errors import BadInput
from memory.llm.speech import Transcript
from memory.types import Attachment

router = APIRouter(prefix="/api/chat", tags=["chat"])


@router.post(
    "/audio",
    summary="Say something aloud and get a reply",
    response_model=AudioAnswer,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def audio(
    ask: ForChat,
    file: Annotated[UploadFile, File(description="WAV, MP3, M4A, WebM, OGG or FLAC")],
    user_id: Annotated[UserId, Form()],
    persona_id: Annotated[PersonaId, Form()] = None,
    session_id: Annotated[SessionName | None, Form()] = None,
    remember: Annotated[bool, Form()] = True,
    stream: Annotated[bool, Form()] = False,
    send: Annotated[bool, Form(description="false: only the transcript")] = True,
) -> AudioAnswer | Response:
    """The transcript comes with the reply; with `send=false` nothing is said and nothing
    stored, so that it can be corrected and sent to `/api/chat/message`. As there, the reply
    comes as server-sent events with `stream=true`."""
    data = await file.read(MOST_BYTES + 1)
    recording = read_recording(data)
    heard = await in_thread(_heard, ask, recording)
    if not send:
        return AudioAnswer(transcript=heard.text, seconds=heard.seconds)
    request = ChatRequest(
        user_id=user_id,
        persona_id=persona_id,
        session_id=session_id,
        message=heard.text[:MAX_MESSAGE],
        remember=remember,
        stream=stream,
    )
    intake = ask.running.attachment_intake

    def given(user_id: str) -> list[Attachment]:
        return [intake.recording(user_id, recording, heard.seconds)]

    talk = await in_thread(begin, ask, request, given)
    if stream:
        run = ask.running.replies.start(talk.turn)
        return EventSourceResponse(events(talk, run), ping=PING_SECONDS)
    reply = await in_thread(finish, talk)
    return AudioAnswer(transcript=heard.text, seconds=heard.seconds, reply=reply)


def _heard(ask: RequestScope, recording: Recording) -> Transcript:
    """What was said.

    Raises:
        BadInput: ``speech_unset``, ``audio_…``.
        ModelError, WorkError: see :class:`memory.llm.speech.Transcriber`.
    """
    transcriber = ask.running.transcriber
    if transcriber is None:
        raise BadInput(code="speech_unset")
    found = transcriber.transcribe(recording)
    if not found.text:
        raise BadInput(code="audio_silent")
    return found
