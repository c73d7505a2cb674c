"""What all domains stand on: the database and its scope, problems, ids, pages, blobs."""
