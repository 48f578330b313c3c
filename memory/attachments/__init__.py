"""Attachments: files from people, read and kept."""
