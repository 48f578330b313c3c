"""Components of the inbox page; the health line is shown on the memories page too."""
