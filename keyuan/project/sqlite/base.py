"""The database backend: Django's for SQLite, except that whoever writes takes a turn first."""

from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from keyuan.project.sqlite.turns import Turns, line_before

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLAC")


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose write transactions stand in line: one turn each, from BEGIN to its very end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._held: Turns | None = None

    def take_turn(self) -> None:
        """Wait for the turn, unless this connection has it or its database has no file."""
        if self._held is not None or self.is_in_memory_db():
            return
        line = line_before(Path(str(self.settings_dict["NAME"])))
        # As SQLite says it when its own waiting ends, so that whoever knows the one knows the other.
        if not line.take(float(self.settings_dict["OPTIONS"].get("timeout", 5))):
            raise OperationalError("database is locked")
        self._held = line

    def give_turn(self) -> None:
        """End the turn; nothing when there is none."""
        line, self._held = self._held, None
        if line is not None:
            line.give()

    def _start_transaction_under_autocommit(self) -> None:
        self.take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc] # the stubs leave out this hook of Django
        except BaseException:
            self.give_turn()
            raise

    def _commit(self) -> None:
        # A commit that fails leaves the transaction open: its turn ends with the rollback or close that follows.
        super()._commit()  # type: ignore[misc] # the stubs leave out this hook of Django
        self.give_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc] # the stubs leave out this hook of Django
        finally:
            self.give_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc] # the stubs leave out this hook of Django
        finally:
            self.give_turn()

    def create_cursor(self, name: str | None = None) -> "Cursor":
        """A cursor that takes a turn for a write outside any transaction."""
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        cursor.wrapper = self
        return cursor


class Cursor(base.SQLiteCursorWrapper):
    """Runs statements; one that writes by itself, outside a transaction, has a turn of its own."""

    wrapper: DatabaseWrapper

    def execute(self, query: str, params: Any = None) -> Any:
        """As Django's."""
        if not self._alone(query):
            return super().execute(query, params)
        self.wrapper.take_turn()
        try:
            return super().execute(query, params)
        finally:
            self.wrapper.give_turn()

    def executemany(self, query: str, param_list: Any) -> Any:
        """As Django's."""
        if not self._alone(query):
            return super().executemany(query, param_list)
        self.wrapper.take_turn()
        try:
            return super().executemany(query, param_list)
        finally:
            self.wrapper.give_turn()

    def _alone(self, query: str) -> bool:
        return not self.connection.in_transaction and query.lstrip()[:6].upper() in WRITES
