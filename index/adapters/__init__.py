"""The only importers of faiss, tantivy, sentence_transformers and onnxruntime."""
