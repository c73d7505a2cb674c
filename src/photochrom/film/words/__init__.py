"""Words in a film: type, captions, cards, and what makes them legible; subtitles."""
