"""The built-in companion: rules and memories, no language model."""

from memory.builtin.chat.chat import BuiltinChat

__all__ = ["BuiltinChat"]
