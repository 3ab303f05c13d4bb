"""The indexes: which rows are near a vector, and which hold the words?

    base.py     the two protocols, and ExactIndex: inner products by numpy, the reference of the tests
    faiss.py    FaissIndex: vectors, flat or HNSW
    tantivy.py  TantivyIndex: words, BM25 on disk
    sentences.py  SentenceIndex: each row's sentences and their vectors
    words.py    the words of a corpus: which exist, which are spelt alike

A row is the number of a passage in the snapshot; row i is the same passage in every index.
"""
