"""What has happened, numbered, for whoever watches: a browser's page, a program, a webhook."""
