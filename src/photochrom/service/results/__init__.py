"""What has been made: pictures, films and what belongs beside them, each a file with a digest."""
