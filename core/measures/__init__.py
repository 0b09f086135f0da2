"""Messages to numbers: pure functions whose meaning is written beside them."""
