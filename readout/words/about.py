"""What a page is for, in three sentences: what it shows, how it is read, and what to do next."""

SUMMARY = "About this page"
TO_GLOSSARY = "What the terms mean"

ABOUT: dict[str, tuple[str, str, str]] = {
    "readout": (
        "This page tells in a minute what the AI systems did in the chosen period and what it is worth.",
        "A figure is better or worse only where it left its routine variation; its question mark says how it is made.",
        "Begin with the decisions due, then open the system that stands first in the table.",
    ),
    "system": (
        "This page tells the story of one system: its load, its gates, its quality, its cost and what runs it.",
        "It is ordered so that you can stop reading once you know enough.",
        "Without a system chosen, it lists all of them to choose from.",
    ),
    "review": (
        "This page is for the weekly meeting: what stood out last week, with the words of those who answer for it.",
        "Exceptions stand first; below, every metric shows six weeks and twelve months beside the year before.",
        "An owner writes the explanation and the next step, and both are shown again the week after.",
    ),
    "portfolio": (
        "This page shows every system by its stage and by how far its gate is proved.",
        "What binds a gate is the condition with the least room; the date says by when it can pass at today's volume.",
        "Look at what waits longest at the highest cost, and decide on that first.",
    ),
    "throughput": (
        "This page shows how much work was completed, by AI alone, by AI with people, and by people.",
        "Work counts on the day it was finished; a week that still runs is drawn hollow and compared with nothing.",
        "Where the backlog grows while throughput is routine, more work comes in than is carried.",
    ),
    "handling": (
        "This page shows the hands-on time of a task, by AI and people together, against the signed-off baseline.",
        "The reduction compares the same mix of task types; a target is confirmed only once its whole 95% interval is.",
        "Waiting is not hands-on time; it is in the time from creation to completion.",
    ),
    "quality": (
        "This page shows whether the AI decides as well as people do, and whether it still does when it is busy.",
        "Rates come with the tasks behind them and a 95% interval; systems whose intervals overlap are not ranked.",
        "Where AI and people differ, look at the tasks themselves: they can be shown, with their traces.",
    ),
    "unit_cost": (
        "This page shows what one accepted task costs, from model calls alone to fully loaded.",
        "Each level adds a kind of cost to the one before, and idle capacity is in none of them.",
        "The cost build adds up to the statement, and the reconciliation ties that to the ledger.",
    ),
    "bridge": (
        "This page explains why cost moved between two periods: volume, mix, prices, efficiency, and the rest by name.",
        "The bars add up to the difference to the cent, and a bar is good or bad only where it is not mere volume.",
        "Choose a bar to see what it is made of, down to systems and task types.",
    ),
    "vendors": (
        "This page shows what was asked of which model, at what price, and which systems and gates rest on it.",
        "List prices are dated: a call is priced at the price of its day, and a price that changed is marked.",
        "Try another price or another model on the observed demand; nothing that you try is kept.",
    ),
    "reconciliation": (
        "This page ties the cost of a month to the general ledger, line by line and invoice by invoice.",
        "Every difference has a name, and only what has none is called unexplained.",
        "Open a line to see its rows; a month is closed once it ties.",
    ),
    "value": (
        "This page shows what came back since launch: cash, cost avoided and hours, which are never added together.",
        "Each claim has an owner, a baseline, a grade of evidence and the assumption that moves it most.",
        "Cash counts once a ledger line has fallen and its owner has signed; hours are capacity and not money.",
    ),
    "gates": (
        "This page shows which systems may carry more load, and what holds the others.",
        "A gate opens after enough good weeks in a row; eligible is not promoted, for that takes a person who signs.",
        "Gates that need a person stand first; open one to see what it rests on.",
    ),
    "gate": (
        "This page shows one gate: its weeks, its policy, and who decided what.",
        "A week counts only when it is over, settled and carried by one release.",
        "Every decision is sealed with what it was made of, and can be judged again from today's data.",
    ),
    "policy-bench": (
        "This page tries another policy on the weeks that have passed.",
        "It says when that policy would have opened the gate, and how often it would be wrong at this volume.",
        "Nothing is saved: a policy is changed in its file, and the change is recorded with the gate.",
    ),
    "gate-health": (
        "This page asks whether the gates themselves can be relied on.",
        "A gate that never binds, that never has data, or that is waived again and again proves nothing.",
        "What needs care stands first, with the next step.",
    ),
    "stall-finder": (
        "This page looks for the four ways in which work with AI comes to a standstill.",
        "Each system is held against each of them, and what shows it is named.",
        "Take the next step that stands beside each finding.",
    ),
    "rows": (
        "This page traces one figure to what it is made of: its definition, its days, its rows and its queries.",
        "A figure that is divided has rows above and below its line, and the counts of all days add up to it.",
        "Choose a day to see its rows, and follow a trace to what the AI did.",
    ),
    "checks": (
        "This page tests line by line whether the facts hold what the figures need.",
        "What fails stands first, with an example and how to mend it; what was repaired is counted.",
        "The same checks run by command, so that they can guard a load.",
    ),
    "health": (
        "This page says whether today's figures can be trusted.",
        "It shows how fresh each source is, for how many tasks a measure is known, and what cannot be measured yet.",
        "What is missing is named with what would record it.",
    ),
    "glossary": (
        "This page says what the terms on all other pages mean.",
        "Metrics stand as they are declared: the same words explain every figure and every file.",
        "A metric that cannot be measured here says what is not recorded.",
    ),
}
