"""The command line: ``corpfin COMMAND``, one module a family of commands, nothing but arguments in and a rendering out.

Answers go to standard output, everything else to standard error. Exit status 0 when all went well, 2 when something
given is wrong, 130 when interrupted. What computes is imported when a command needs it, so that help is quick.
"""

from corpfin.cli.app import app, main

__all__ = ["app", "main"]
