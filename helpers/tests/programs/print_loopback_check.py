"""Print what the doctor finds out about the loopback."""

from helpers.workshop.doctor import check_loopback

print(*check_loopback())
