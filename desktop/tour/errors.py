"""What ends a tour early."""


class TourError(Exception):
    """A page shows nothing, or what it waits for never came."""
