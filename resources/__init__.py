"""Files that the windows show: fonts, icons and themes. No code."""
