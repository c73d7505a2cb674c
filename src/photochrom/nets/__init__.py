"""Networks as data: cards, weights, sessions and tiles."""

from photochrom.nets.card import Card, libraries_of
from photochrom.nets.provider import Provider
from photochrom.nets.registry import Registry
from photochrom.nets.session import Network
from photochrom.nets.tiles import Band, sweep, sweep_network

__all__ = [
    "Band",
    "Card",
    "Network",
    "Provider",
    "Registry",
    "libraries_of",
    "sweep",
    "sweep_network",
]
