"""Crash test: kills the server at random moments and compares with what it acknowledged.

    python -m scripts.kill_campaign --kills 20 [--seed 1] [--folder DIR] [--json FILE]

People use the API of a real ``server.py`` on a folder of its own: one writes and edits
memories, one chats, one erases whole users, and one does nothing at all. The process is
killed (SIGKILL), started again, and everything that it had acknowledged must be there,
once; what was under way is there whole or not at all.
"""
