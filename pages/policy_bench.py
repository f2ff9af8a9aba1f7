"""Policy bench: another policy on the same past weeks, its chances at this volume, and what is at stake."""

from readout.ui import cards, frame, loaders, policy_bench, states

with frame.page("policy-bench") as page:
    gate, text = policy_bench.asked()
    brief = page.load(lambda scope: loaders.policy_bench(scope, gate, text), always=True)
    cards.finding("policy-bench", brief.finding)
    if brief.choices:
        policy_bench.choose(brief)
        policy_bench.try_out(brief)
        policy_bench.chances(brief)
        policy_bench.stakes(brief)
    else:
        states.no_gates()
