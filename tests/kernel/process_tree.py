"""An oracle for nested models: the tree of blocks itself, run without tokens, flows or gateways.

A block is told to begin and tells when it is over; tasks are what is open. Nothing here knows the kernel.
"""

from collections.abc import Callable

from tests.kernel.case import START
from tests.kernel.evaluator import PlainEvaluator
from tests.kernel.models import feel
from tests.kernel.random_models import Block

_EVALUATOR = PlainEvaluator()


class Tree:
    def __init__(self, block: Block, r: int) -> None:
        self.r = r
        self.over = False
        self.open: list[tuple[str, Callable[[], None]]] = []
        self._begin(block, self._ended)

    def tasks(self) -> list[str]:
        return sorted(name for name, _ in self.open)

    def complete(self, task: str, r: int) -> None:
        self.r = r
        index = next(index for index, (name, _) in enumerate(self.open) if name == task)
        _, after = self.open.pop(index)
        after()

    def _ended(self) -> None:
        self.over = True

    def _holds(self, condition: str) -> bool:
        return _EVALUATOR.condition(feel(condition), {"r": self.r}, START)

    def _begin(self, block: Block, after: Callable[[], None]) -> None:
        getattr(self, f"_{block.kind}")(block, after)

    def _task(self, block: Block, after: Callable[[], None]) -> None:
        self.open.append((block.id, after))

    def _many(self, block: Block, after: Callable[[], None]) -> None:
        self._all([Block("task", block.id)] * block.count, after)

    def _sub(self, block: Block, after: Callable[[], None]) -> None:
        self._begin(block.parts[0], after)

    def _seq(self, block: Block, after: Callable[[], None]) -> None:
        def next_one(index: int) -> None:
            if index == len(block.parts):
                after()
            else:
                self._begin(block.parts[index], lambda: next_one(index + 1))

        next_one(0)

    def _and(self, block: Block, after: Callable[[], None]) -> None:
        self._all(block.parts, after)

    def _xor(self, block: Block, after: Callable[[], None]) -> None:
        for part, condition in zip(block.parts[:-1], block.conditions, strict=False):
            if self._holds(condition):
                self._begin(part, after)
                return
        self._begin(block.parts[-1], after)

    def _or(self, block: Block, after: Callable[[], None]) -> None:
        chosen = [
            part for part, condition in zip(block.parts[:-1], block.conditions, strict=False) if self._holds(condition)
        ]
        self._all(chosen or block.parts[-1:], after)

    def _loop(self, block: Block, after: Callable[[], None]) -> None:
        def decide() -> None:
            if self._holds(block.conditions[0]):
                self._begin(block.parts[0], decide)
            else:
                after()

        self._begin(block.parts[0], decide)

    def _all(self, blocks: list[Block], after: Callable[[], None]) -> None:
        left = len(blocks)

        def one_over() -> None:
            nonlocal left
            left -= 1
            if left == 0:
                after()

        if not blocks:
            after()
        for block in blocks:
            self._begin(block, one_over)
