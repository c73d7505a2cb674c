"""Sound: what is heard when, how loud, and how it is mixed to one track.

`table` holds what a storyboard says of it, `reading` knows sound files, `score` plays what we make
ourselves, `speech` lets an engine of this machine speak, `schedule` puts it all on the film's time,
`mixing` makes the track, and `loudness` measures it. Everything runs in blocks: a film of
any length is mixed in the same memory.
"""
