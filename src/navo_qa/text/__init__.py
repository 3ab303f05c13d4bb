"""From raw characters to words: normalising, sentences, language and analysis; knows nothing of files."""
