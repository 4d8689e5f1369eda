"""A web address → what is there, for a picture or a recording of a page that was not fetched."""

from ankiexport import source
from ankiexport.errors import SourceError, UsageError
from ankiexport.web import addresses
from ankiexport.web.client import Client
from ankiexport.web.manners import Manners

_LONGEST_DOWNLOAD = 60.0  # seconds for one file
_PATIENCE = 10.0  # seconds without a byte


def download_file(url: str) -> bytes:
    """What is at a web address, if it is not too large and comes soon. One file is asked for as a browser would.

    Raises:
        SourceError: it could not be had.
    """
    manners = Manners(
        pause=0,
        retries=1,
        largest_media=source.LARGEST_FILE,
        longest_request=_LONGEST_DOWNLOAD,
        patience=_PATIENCE,
    )
    try:
        address = addresses.start(url)
    except UsageError:
        raise SourceError("its address cannot be read") from None
    with Client(manners, heeds_robots=False) as client:
        client.log_in(url)
        return client.fetch(address, "download").content
