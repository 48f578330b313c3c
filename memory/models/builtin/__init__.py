"""The built-in companion: rules and memories, no language model."""

from memory.models.builtin.chat import BuiltinChat

__all__ = ["BuiltinChat"]
