"""How the parts of the reader give up on a file: one exception, with the code of the problem."""

from insurance.reading.facts import ProblemCode


class FileNotRead(Exception):
    """A certificate's file cannot or must not be read; `code` says why."""

    def __init__(self, code: ProblemCode) -> None:
        super().__init__(code.value)
        self.code = code
