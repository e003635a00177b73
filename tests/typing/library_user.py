"""What a user of the library writes, under strict mypy: lines with an error say which.

Read by ``tests/integration/test_typing.py``; never run.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import nl2efg
from nl2efg import errors

c = nl2efg.compile("Ann and Ben ...", model="gpt-4o")
c = nl2efg.compile("Ann and Ben ...", model=["gpt-4o", "llama3.1"], samples=3, solve=False)
c = nl2efg.compile(Path("story.txt"), model=nl2efg.ScriptedModel({"code": "..."}), rounds=1)
c = nl2efg.compile(nl2efg.example("kuhn_poker"), name="poker", solve_budget=2.5)
tree: nl2efg.GameTree = c.tree
for equilibrium in c.equilibria:
    found: nl2efg.Equilibrium = equilibrium
    words: tuple[str, ...] = found.words
svg: str = c.draw()
file: Path = c.draw("tree.pdf", equilibrium=2, depth=3)
file = c.draw(Path("tree.svg"), equilibrium=c.equilibria[0])
file = c.write("folder")
c = nl2efg.Compilation.load("folder")
diagnostics: tuple[nl2efg.Diagnostic, ...] = c.diagnostics

solution: nl2efg.Solution = nl2efg.solve(tree, concept="nash", all=True, budget=3)
solution = nl2efg.solve(c)
solution = nl2efg.solve("kuhn_poker")
solution = nl2efg.solve(Path("game.efg"))
solution = nl2efg.solve(nl2efg.to_gambit(tree))
state = nl2efg.to_openspiel(tree).new_initial_state()
environment = nl2efg.to_pettingzoo(tree)
diagnostics = nl2efg.check("game.efg", text="Ann and Ben ...")
same: bool = nl2efg.compare(c, "game.efg", "strategic").same
svg = nl2efg.draw("game.efg", equilibrium=solution.equilibria[0])
verdict: bool | None = nl2efg.verify(tree, "Ann bets", concept="spe").holds
text: str = nl2efg.describe(tree) + nl2efg.to_code(tree, 17) + nl2efg.write_efg(tree)
profile = nl2efg.BehaviourProfile(tree, ((Fraction(1, 2), Fraction(1, 2)),))
certificate: nl2efg.Certificate = nl2efg.certify(profile)
edited: nl2efg.GameTree = nl2efg.set_payoff(tree, "Left, Right", "Ann", "1/2")
edited = nl2efg.rename(nl2efg.set_probabilities(edited, [], {"High": Fraction(1, 3)}), "Ann", "A")
edited = nl2efg.split_infoset(nl2efg.join_infosets(c, "Left", "Right"), ["Left"])
told: tuple[str, ...] = nl2efg.changes(tree, edited)
changed: nl2efg.Compilation = nl2efg.revised(c, edited, "by hand")
said: nl2efg.Compilation = nl2efg.edit(c, "Ben sees it", model="gpt-4o", rounds=1)
refreshed: nl2efg.Compilation | None = nl2efg.refresh("f.nl2efg", use="game.py")
back: nl2efg.Compilation = nl2efg.take_version("f.nl2efg", 1)
games: tuple[nl2efg.Example, ...] = nl2efg.examples()
version: str = nl2efg.__version__
try:
    built = nl2efg.build("import pygambit")
except errors.SandboxError as error:
    hint: str = error.hint
for outcome in nl2efg.compile_many(["Ann ...", "Ben ..."], model="gpt-4o", samples=2):
    maybe: nl2efg.Compilation | None = outcome.compilation


async def later() -> nl2efg.Compilation:
    return await nl2efg.compile_async("Ann and Ben ...", model="gpt-4o", critic=True)


nl2efg.compile("x", sampels=3)  # E: Unexpected keyword argument "sampels"
nl2efg.compile("x", samples="3")  # E: incompatible type
nl2efg.compile("x", model=3)  # E: incompatible type
nl2efg.compile_many(["x"], roudns=3)  # E: Unexpected keyword argument "roudns"
nl2efg.solve(tree, budjet=3)  # E: Unexpected keyword argument "budjet"
nl2efg.solve(tree, concept="nahs")  # E: incompatible type
nl2efg.solve(3)  # E: incompatible type
c.draw(wdith=3)  # E: Unexpected keyword argument "wdith"
nl2efg.draw(tree, wdith=3)  # E: Unexpected keyword argument "wdith"
nl2efg.compare(tree, tree, "isomorphous")  # E: incompatible type
nl2efg.sovle(tree)  # E: Module has no attribute "sovle"
