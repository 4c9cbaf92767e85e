"""Reviewed clinical knowledge: YAML in ``knowledge/``, validated when loaded."""

from bot.knowledge.loader import Knowledge, KnowledgeError, load

__all__ = ["Knowledge", "KnowledgeError", "load"]
