"""Prices, estimates and limits."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.errors import BudgetError, UserError
from nl2efg.models import Message
from nl2efg.models.budget import FIRST_REPLY, Budget, Price, Spent, estimate_tokens, known_price

PRICE = Price(prompt=2.0, completion=8.0)


def spend(budget: Budget, prompt: int, completion: int, *, characters: int = 100) -> None:
    with budget.call([Message("user", "x" * characters)], PRICE) as spent:
        spent.prompt_tokens, spent.completion_tokens = prompt, completion
        spent.cost = PRICE.cost(prompt, completion)


def test_prices_are_per_million_tokens() -> None:
    assert PRICE.cost(1_000_000, 500_000) == 6.0
    assert PRICE.cost(0, 0) == 0.0


def test_dated_names_cost_what_the_model_costs() -> None:
    assert known_price("gpt-4o-2024-08-06") == known_price("gpt-4o") == Price(2.5, 10.0, 1.25)
    assert known_price("openai/gpt-4o") == known_price("gpt-4o")
    assert known_price("gpt-4o-turbo-imagined") is None
    assert known_price("llama3.1:8b") is None


def test_estimates_grow_with_the_text() -> None:
    short, long = [Message("user", "x" * 35)], [Message("user", "x" * 3500)]
    assert estimate_tokens(short) == 10 + 8
    assert estimate_tokens(long) == 1000 + 8
    assert estimate_tokens(long * 2) == 2 * estimate_tokens(long)


@pytest.mark.parametrize("limits", [{"cost": 0.0}, {"cost": -1.0}, {"tokens": 0}])
def test_a_limit_is_above_zero(limits: dict[str, int]) -> None:
    with pytest.raises(UserError, match="must be above 0"):
        Budget(**limits)


def test_no_limit_is_no_limit() -> None:
    budget = Budget()
    spend(budget, 10**9, 10**9)
    spend(budget, 10**9, 10**9)
    assert budget.spent.prompt_tokens == 2 * 10**9


def test_the_first_call_is_checked_by_its_estimate() -> None:
    with pytest.raises(BudgetError) as caught:
        spend(Budget(tokens=FIRST_REPLY), 1, 1)
    assert "--max-tokens 1500: 0 are spent" in caught.value.message
    assert "raise --max-tokens" in caught.value.hint


def test_later_calls_expect_the_longest_reply_so_far() -> None:
    budget = Budget(tokens=10_000)
    spend(budget, 100, 4000)
    spend(budget, 100, 200)
    with pytest.raises(BudgetError):
        spend(budget, 5700 - 4000, 1, characters=35 * 200)
    spend(budget, 100, 3000)


def test_calls_under_way_are_set_aside() -> None:
    budget = Budget(cost=0.02)
    messages = [Message("user", "hi")]
    with budget.call(messages, PRICE) as first:
        with pytest.raises(BudgetError, match=r"are under way"), budget.call(messages, PRICE):
            pytest.fail("the second call was let through")
        first.completion_tokens, first.cost = 10, 0.001
    with budget.call(messages, PRICE):
        pass


def test_nothing_is_under_way_once_all_calls_have_ended() -> None:
    budget, messages = Budget(cost=0.5), [Message("user", "x")]
    price = Price(0.1, 0.7)  # sums of such prices leave a little when they are taken away again
    for count in range(1, 8):
        estimates = [budget.reserve(messages * n, price) for n in range(1, count + 1)]
        for estimate in estimates:
            budget.settle(estimate, Spent(1, 1, 0.01), longest=100 * count)
    with pytest.raises(BudgetError, match=r"are spent\n"):
        budget.reserve(messages, Price(10**6, 10**6))


def test_tokens_under_way_are_set_aside() -> None:
    budget = Budget(tokens=2 * FIRST_REPLY)
    messages = [Message("user", "hi")]
    with (
        budget.call(messages, None),
        pytest.raises(BudgetError, match=r"are under way"),
        budget.call(messages, None),
    ):
        pytest.fail("the second call was let through")


def test_a_call_that_fails_unanswered_costs_nothing() -> None:
    budget = Budget(tokens=2000)
    for _ in range(5):
        with pytest.raises(OSError), budget.call([Message("user", "hi")], PRICE):
            raise OSError
    assert budget.spent.prompt_tokens == 0
    spend(budget, 1, 1)


@given(
    limit=st.integers(2000, 50_000),
    replies=st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 1500)), max_size=60),
)
def test_the_limit_is_passed_by_less_than_one_surprise(
    limit: int, replies: list[tuple[int, int]]
) -> None:
    """One after the other, calls pass the limit by what the last runs over its estimate at most."""
    budget = Budget(tokens=limit)
    used = 0
    for prompt, completion in replies:
        try:
            spend(budget, prompt, completion)
        except BudgetError:
            break
        used += prompt + completion
    assert used == budget.spent.prompt_tokens + budget.spent.completion_tokens
    assert used <= limit + 2000 + 1500


def test_threads_share_it() -> None:
    budget = Budget()

    def work() -> None:
        for _ in range(500):
            spend(budget, 1, 1)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert budget.spent.prompt_tokens == budget.spent.completion_tokens == 4000
    assert budget._set_aside.prompt_tokens == budget._set_aside.completion_tokens == 0
    assert budget._set_aside.cost == pytest.approx(0)
