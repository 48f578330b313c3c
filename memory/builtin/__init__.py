"""The companion without a language model: chat and extraction by rules."""
