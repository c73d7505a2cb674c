"""All that the service keeps, in a folder, and back from it: into either database, any storage.

    backup.json             what holds: it is written last, in one step
    rows/ID/TABLE.jsonl     a line for each row
    rows/ID/blobs.jsonl     a line for each original and result: its name, and its digest
    blobs/ab/ab12...        their bytes, by digest
    known.jsonl             what has been copied already, for whoever goes on

A backup into the folder of an earlier one copies what is new. Until it is whole, the earlier one
holds; `backup.json` never names anything that is not there.
"""
