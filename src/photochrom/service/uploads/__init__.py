"""The way in: photographs sent in pieces that can be resumed (tus 1.0), or in one."""
