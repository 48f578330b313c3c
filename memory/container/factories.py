"""Factories: what the settings name, made: models, embedder, speech, the graph's mirror."""

from __future__ import annotations

import logging

from memory.attachments.files import AttachmentFiles
from memory.builtin.chat import BuiltinChat
from memory.builtin.extraction import BuiltinExtraction
from memory.builtin.taught import TaughtExamples
from memory.chat.generation import Speakers
from memory.chat.llm_reply import OpenAIChat
from memory.chat.summary import EndpointSummarizer
from memory.config import Settings
from memory.db import Database
from memory.extraction.instruction_writer import EndpointInstructions
from memory.extraction.openai_extraction import OpenAIExtraction
from memory.extraction.procedure import EndpointProcedure
from memory.llm import local_embedder, local_transcriber, openai_client
from memory.llm.hashing_embedder import HashingEmbedder
from memory.llm.local_embedder import LocalEmbedder
from memory.llm.openai_client import OpenAIEmbedder, speech_endpoint
from memory.llm.prompts import Prompts, load_prompt
from memory.llm.sentence_encoder import shared_encoder
from memory.llm.speech import EndpointTranscriber, EndpointVoice, LocalTranscriber, Transcriber
from memory.memories.graph import neo4j_server
from memory.memories.graph.index import RelationIndex
from memory.memories.graph.mirror import GraphMirror
from memory.system.worker_process import Worker
from memory.types import ChatModel, Embedder, ExtractionModel

log = logging.getLogger(__name__)

ENCODER_PATIENCE = 15.0
"""Seconds that a batch waits for the sentence encoder to be loaded."""


def make_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name; hashed n-grams without the sentence encoder."""
    if settings.embedder == "openai":
        return OpenAIEmbedder(settings)
    if settings.sentence_encoder and local_embedder.is_installed():
        return LocalEmbedder(shared_encoder())
    return HashingEmbedder()


def make_models(
    settings: Settings,
    prompts: Prompts = load_prompt,
    worker: Worker | None = None,
    files: AttachmentFiles | None = None,
    taught: TaughtExamples | None = None,
) -> tuple[ChatModel, ExtractionModel]:
    """What speaks and what extracts: an endpoint if one is configured, else the rules.

    ``prompts`` gives a language model the prompt in use, at each request; ``worker`` reads
    what it answers; ``files`` has the pictures that it is shown; ``taught`` is what designers say
    that messages mean.
    """
    if settings.has_language_model:
        return OpenAIChat(settings, prompts, files), OpenAIExtraction(settings, prompts, worker)
    encoder = shared_encoder() if settings.sentence_encoder else None
    # A batch may wait for the encoder to be loaded; a reply, for what it hears, never does.
    extraction = BuiltinExtraction(encoder, patience=ENCODER_PATIENCE, taught=taught)
    return BuiltinChat(BuiltinExtraction(encoder, taught=taught), encoder, taught), extraction


def make_speakers(settings: Settings, chat_model: ChatModel) -> Speakers:
    """Who answers; beside a language model, who speaks where that says what nobody should."""
    return Speakers(
        chat_model,
        BuiltinChat() if settings.has_language_model else None,
        shared_encoder() if settings.sentence_encoder else None,
    )


def make_summarizer(settings: Settings) -> EndpointSummarizer | None:
    """What sums up long sessions: the model that extracts; nothing where rules speak."""
    if not settings.has_language_model:
        return None
    return EndpointSummarizer(*openai_client.extraction_endpoint(settings))


def make_procedures(settings: Settings) -> EndpointProcedure | None:
    """What sums up an agent's steps: the model that extracts; nothing where rules speak."""
    if not settings.has_language_model:
        return None
    return EndpointProcedure(*openai_client.extraction_endpoint(settings))


def make_instructions(settings: Settings) -> EndpointInstructions | None:
    """What writes instructions for a use: the model that extracts; nothing where rules speak."""
    if not settings.has_language_model:
        return None
    return EndpointInstructions(*openai_client.extraction_endpoint(settings))


def make_graph_mirror(
    settings: Settings, db: Database, relations: RelationIndex
) -> GraphMirror | None:
    """What keeps a Neo4j server up to date, if the settings name one and its driver is there."""
    if settings.neo4j_uri is None:
        return None
    if not neo4j_server.is_installed():
        log.warning(
            "NEO4J_URI changes nothing: its driver isn't installed (make setup EXTRAS=neo4j)"
        )
        return None
    password = settings.neo4j_password
    server = neo4j_server.Neo4jServer(
        settings.neo4j_uri,
        settings.neo4j_username,
        password.get_secret_value() if password else "",
        settings.neo4j_database,
    )
    return GraphMirror(db, relations, server)


def make_transcriber(settings: Settings, worker: Worker) -> Transcriber | None:
    """What hears: the model that the settings name, else the extra ``voice``, else nothing."""
    if settings.transcription_model is not None:
        return EndpointTranscriber(speech_endpoint(settings), settings.transcription_model)
    return LocalTranscriber(worker) if local_transcriber.is_installed() else None


def make_voice(settings: Settings) -> EndpointVoice | None:
    """What reads aloud, if the settings name a model; the browser does otherwise."""
    if settings.speech_model is None:
        return None
    endpoint = speech_endpoint(settings)
    return EndpointVoice(endpoint, settings.speech_model, settings.speech_voice)
