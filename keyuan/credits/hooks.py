"""What the rooms below ask of this one: what it holds of a person."""

from keyuan.credits.queries.held import held_of
from keyuan.people import actions as people

people.exports("学时和证书", held_of)
