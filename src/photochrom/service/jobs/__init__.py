"""Jobs that lose nothing: a table is the queue, executors claim from it and are watched.

Why no library: what is to be durable here is small. Every step of a job is a pure task whose result
is kept by its key, so a job that is begun anew goes on where it was, and needs no log of its own.
What is left is a queue, and that is a table: a job is accepted by the same commit as the rows that
it is about, which no queue outside of the database can give.
"""
