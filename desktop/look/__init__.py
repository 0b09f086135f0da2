"""What every page looks like: tokens, palette, fonts, icons, words and small widgets."""
