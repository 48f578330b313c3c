"""Endpoints that people use, so that nobody has to look up addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preset:
    """Where an endpoint is and which of its models to begin with.

    ``embedding_model`` is empty where the endpoint offers none.
    """

    name: str
    base_url: str
    chat_model: str
    embedding_model: str = ""
    embedding_dims: int = 0


PRESETS: Mapping[str, Preset] = {
    "deepseek": Preset("DeepSeek", "https://api.deepseek.com", "deepseek-chat"),
    "siliconflow": Preset(
        "SiliconFlow 硅基流动",
        "https://api.siliconflow.cn/v1",
        "Qwen/Qwen2.5-72B-Instruct",
        "BAAI/bge-m3",
        1024,
    ),
    "openai": Preset(
        "OpenAI", "https://api.openai.com/v1", "gpt-4o-mini", "text-embedding-3-small", 1536
    ),
    "qwen": Preset(
        "Qwen 通义千问",
        "https://dashscope.aliyuncs.com/compatible-mode/v1",
        "qwen-plus",
        "text-embedding-v3",
        1024,
    ),
    "moonshot": Preset("Moonshot 月之暗面", "https://api.moonshot.cn/v1", "moonshot-v1-8k"),
    "zhipu": Preset(
        "Zhipu 智谱", "https://open.bigmodel.cn/api/paas/v4", "glm-4-flash", "embedding-3", 1024
    ),
    "ollama": Preset("Ollama", "http://localhost:11434/v1", "qwen2.5", "bge-m3", 1024),
    "lmstudio": Preset("LM Studio", "http://localhost:1234/v1", "local-model"),
    "vllm": Preset("vLLM", "http://localhost:8000/v1", "local-model"),
}
