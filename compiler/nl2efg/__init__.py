"""nl2efg: a compiler from natural language to extensive-form games."""
