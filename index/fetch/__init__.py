"""Safe and polite fetching of web addresses."""

from index.fetch.config import FetchConfig
from index.fetch.errors import FetchError, FetchProblem
from index.fetch.fetched import Fetched
from index.fetch.fetcher import Fetcher
from index.fetch.memory import FetchMemory

__all__ = ["FetchConfig", "FetchError", "FetchMemory", "FetchProblem", "Fetched", "Fetcher"]
