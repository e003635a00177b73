"""The locks of the operating system: seccomp, Landlock, limits."""
