"""What open sources say about music: MusicBrainz and ListenBrainz."""
