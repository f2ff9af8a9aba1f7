"""Gates: the policy as text (`policy`) and what a week of numbers says about it (`raw`). Pure; design in GATES.md."""
