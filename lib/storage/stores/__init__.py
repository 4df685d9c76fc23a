"""What is kept, by noun: the form of its documents, and what is asked of them.

Each store says ``documents_of(contact)``: every document in which it keeps something of a person,
so that all of them can be shown or deleted. Fields are named as in Firestore. Reading is lenient:
documents written before a field existed, or by others with fields of their own, keep working.
"""
