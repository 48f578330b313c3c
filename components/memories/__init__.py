"""Components of the memories page, some of them used elsewhere too."""
