"""The door for assistants (Model Context Protocol): how does a language model search and quote without inventing?

tools.py    the tools, and the words that lead an assistant to quote verbatim
strict.py   what is said of arguments that a tool cannot use
results.py  what they return: quotes with their offsets and hashes
serve.py    over stdin and stdout, or over HTTP
"""
