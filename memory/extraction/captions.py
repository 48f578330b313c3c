"""Photo captions: what is in a photo, in a sentence by a model that sees.

A caption takes the place of the file's name in the message's text, so that a photo can be
remembered, found and spoken of. It is made with the batch: off the reply's path, tried again
like the batch where the endpoint fails, and kept with the message once it is there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from memory.attachments.files import AttachmentFiles
from memory.attachments.marks import mark_of
from memory.chat.llm_reply import data_url
from memory.db import Database
from memory.errors import ModelFiltered, ModelTooLong, NotFound, UnreadableReply
from memory.llm.endpoint import Endpoint
from memory.nlp.language import detect
from memory.types import Attachment, AttachmentKind, ByLanguage, Language, Message, Owner

log = logging.getLogger(__name__)

CAPTION_LENGTH = 120
QUESTION: Mapping[Language, str] = ByLanguage(
    {
        "zh": "照片里有什么？用一句不超过三十个字的话说，只说看得见的，不猜是谁。只回答这一句。",
        "en": "What is in the photo? Answer with one sentence of at most twenty words that says "
        "only what can be seen and doesn't guess who it is. Answer with that sentence only.",
    }
)


class PhotoCaptions:
    """Asks the chat model what is in photos, if it takes images.

    Args:
        db: Where messages are.
        files: Where photos are.
        endpoint: Of the model; ``None`` without one.
        model: Its name.
        sees: Whether it looks at pictures.
    """

    def __init__(
        self,
        db: Database,
        files: AttachmentFiles,
        endpoint: Endpoint | None,
        model: str,
        sees: Callable[[], bool],
    ) -> None:
        self._db, self._files = db, files
        self._endpoint, self._model, self._sees = endpoint, model, sees

    def complete(self, owner: Owner, messages: Sequence[Message]) -> list[Message]:
        """``messages`` with a caption for each photo that has none, as far as that can be had.

        Raises:
            ModelError: the endpoint fails for the moment.
        """
        return [
            self._captioned(owner, message)
            if any(_lacks_caption(one) for one in message.attachments)
            else message
            for message in messages
        ]

    def describe(self, data: bytes, media_type: str, language: Language) -> str:
        """What is in a photo, in one line; empty where no model sees or it won't say.

        Raises:
            ModelError: the endpoint fails for the moment.
        """
        if self._endpoint is None or not self._sees():
            return ""
        asked = [{"role": "user", "content": QUESTION[language]}]
        try:
            found = self._endpoint.complete(
                asked, model=self._model, json_mode=False, pictures=[data_url(data, media_type)]
            )
        except (ModelFiltered, ModelTooLong, UnreadableReply) as error:
            log.warning("a photo stays without a caption: %s", error.code)
            return ""
        if not self._sees():
            # It answered only after the picture was left out.
            return ""
        line = " ".join(found.text.replace("[", " ").replace("]", " ").split())
        return line[:CAPTION_LENGTH].rstrip("。.")

    def _captioned(self, owner: Owner, message: Message) -> Message:
        language = detect(message.typed or message.text)
        attachments = tuple(
            self._with_caption(owner, one, language) if _lacks_caption(one) else one
            for one in message.attachments
        )
        if attachments == message.attachments:
            return message
        text = "\n".join(filter(None, [*(one.mark for one in attachments), message.typed]))
        try:
            self._db.attachments.replace(owner, message.id, attachments, text)
        except NotFound:
            return message  # deleted meanwhile; the batch will notice
        return replace(message, attachments=attachments, text=text)

    def _with_caption(self, owner: Owner, photo: Attachment, language: Language) -> Attachment:
        try:
            data = self._files.get(owner.user_id, photo.sha256 or "")
        except NotFound:
            return photo
        caption = self.describe(data, photo.media_type, language)
        if not caption:
            return photo
        named = replace(photo, text=caption)
        return replace(named, mark=mark_of(named, language))


def _lacks_caption(attachment: Attachment) -> bool:
    return attachment.kind is AttachmentKind.IMAGE and not attachment.text
