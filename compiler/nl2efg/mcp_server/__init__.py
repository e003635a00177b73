"""The MCP server: the compiler as tools of an agent, whose own model reads the texts.

Three ways for a host to answer what the two stages ask: it offers sampling on a session with a way
back (the handshake of 2025), it answers requests for input (the protocol of 2026), or it does
neither and its model calls the tool ``answer`` with what it wrote. No key is needed for any of
them. Importing this package imports no SDK.
"""
