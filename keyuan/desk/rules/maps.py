"""Where a phone opens a map: plain https links that carry an address and nothing else."""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Maps:
    """The links to one place in the two maps most phones have (地图链接)."""

    place: str
    amap: str
    baidu: str


def maps_of(place: str) -> Maps | None:
    """The links for an address; None where there is none. No coordinates, no person, no class go along."""
    words = " ".join(place.split())
    if not words:
        return None
    sent = quote(words, safe="")
    return Maps(
        words,
        f"https://uri.amap.com/search?keyword={sent}",
        f"https://api.map.baidu.com/geocoder?address={sent}&output=html&src=webapp.keyuan",
    )
