"""Who answers whom: branches after a rewind."""
