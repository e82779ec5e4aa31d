"""What the four servers share: wire protocol, command line, client and acceptance test."""
