"""Random numbers in the sandbox: the same in every run, and with a seed the same as anywhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nl2efg.sandbox import Builders

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def pool() -> Iterator[Builders]:
    with Builders(1) as found:
        yield found


NO_SEED = {
    "random.random()": "import random",
    "random.Random().random()": "import random",
    "(random.seed(), random.random())": "import random",
    "(random.seed(a=None), random.random())": "import random",
    "np.random.rand()": "import numpy as np",
    "np.random.default_rng().random()": "import numpy as np",
    "np.random.default_rng(seed=None).random()": "import numpy as np",
    "(np.random.seed(), np.random.rand())": "import numpy as np",
    "np.random.RandomState().rand()": "import numpy as np",
}
SEEDED = {
    "random.Random(7).random()": "import random",
    "(random.seed(7), random.random())": "import random",
    "(random.seed(a='text'), random.random())": "import random",
    "np.random.default_rng(7).random()": "import numpy as np",
    "np.random.default_rng(seed=[1, 2]).random()": "import numpy as np",
    "(np.random.seed(7), np.random.rand())": "import numpy as np",
    "np.random.RandomState(seed=7).rand()": "import numpy as np",
}


@pytest.mark.parametrize("drawn", NO_SEED)
def test_numbers_without_a_seed_are_the_same_in_every_run(pool: Builders, drawn: str) -> None:
    code = f"{NO_SEED[drawn]}\nprint({drawn}, {drawn})"
    first, second = (pool.build(code).output for _ in range(2))
    assert first == second
    one, another = first.replace("(None, ", "").replace(")", "").split()
    assert one != another


@pytest.mark.parametrize("drawn", SEEDED)
def test_a_seed_gives_what_it_gives_anywhere(pool: Builders, drawn: str) -> None:
    names: dict[str, object] = {}
    exec(SEEDED[drawn], names)
    expected = str(eval(drawn, names))
    assert pool.build(f"{SEEDED[drawn]}\nprint({drawn})").output.strip() == expected
