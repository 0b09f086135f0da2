"""Who answers whom: branches, lanes of agents, outcomes of tool calls."""
