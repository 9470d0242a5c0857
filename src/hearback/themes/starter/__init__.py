"""The starter codebook: generic themes of feedback in German and English, written for this project, same licence."""
