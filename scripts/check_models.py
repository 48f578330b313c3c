"""Connection test without the page: a verdict for each model, on the terminal.

    python -m scripts.check_models

Exit code 0 only if all that is configured works.
"""

from __future__ import annotations

import sys

from memory.config import Settings, load_settings
from memory.errors import NiannianError
from memory.i18n import catalogue, error_text
from memory.llm.connection_check import NO_MODEL, ConnectionVerdict
from memory.llm.openai_client import check_connection
from memory.types import Language


def main() -> int:
    """Ask every configured model for something small and print how it went."""
    try:
        settings = load_settings()
    except NiannianError as error:
        print(error_text("en", error), file=sys.stderr)
        return 2
    language: Language = "zh" if settings.language == "zh" else "en"
    verdict = check_connection(settings)
    rows = _rows(settings, verdict)
    for part, model, ok, code, detail, ms in rows:
        head = f"{part:<11} {model:<28} "
        if code == NO_MODEL:
            print(f"{head}--  {catalogue(language)['settings.test_no_model']}")
        elif ok:
            print(f"{head}OK  {ms:.0f} ms  {detail}")
        else:
            print(f"{head}NO  {_sentence(language, code)} ({detail})")
    if verdict.nearest:
        print(f"{'':<11} -> {', '.join(verdict.nearest)}")
    return 0 if all(row[2] for row in rows) else 1


Row = tuple[str, str, bool, str, str, float]


def _rows(settings: Settings, verdict: ConnectionVerdict) -> list[Row]:
    extraction, second, vectors = verdict.extraction, verdict.fallback, verdict.embedding
    apart = verdict.chats and not verdict.ok
    rows: list[Row] = [
        (
            "chat",
            settings.chat_model if verdict.code != NO_MODEL else "",
            verdict.chats,
            "ok" if apart else verdict.code,
            "" if apart else verdict.detail,
            verdict.latency_ms,
        )
    ]
    if extraction is not None:
        name = settings.extraction_model or settings.chat_model
        rows.append(
            (
                "extraction",
                name,
                extraction.ok,
                extraction.code,
                extraction.detail,
                extraction.latency_ms,
            )
        )
    if second is not None:
        name = settings.fallback_model or ""
        rows.append(("fallback", name, second.ok, second.code, second.detail, second.latency_ms))
    if vectors is not None:
        rows.append(
            (
                "embedding",
                settings.embedding_model,
                vectors.ok,
                vectors.code,
                vectors.detail,
                vectors.latency_ms,
            )
        )
    return rows


def _sentence(language: Language, code: str) -> str:
    known = catalogue(language)
    return known.get(f"settings.test_{code}") or known.get(f"error.{code}") or known["error.model"]


if __name__ == "__main__":
    sys.exit(main())
