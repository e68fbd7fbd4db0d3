"""The import contract of the doors: a room is entered by its models, queries and actions.

Besides, like may build on like: rules on rules, sheets on sheets, forms on forms. So a room above can say
who else may see a person, or reuse the description of a sheet, without a window into behaviour.
"""

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class ThreeDoors(Contract):
    """Looks at every direct import between two rooms of the root package."""

    doors = fields.SetField(subfield=fields.StringField())
    alike = fields.SetField(subfield=fields.StringField(), required=False)
    open_rooms = fields.SetField(subfield=fields.StringField(), required=False)
    free_importers = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001 - import-linter's signature
        """Kept when nobody climbs in through a window."""
        root: str = self.session_options["root_packages"][0]
        broken = sorted(
            {
                (importer, imported)
                for importer in graph.modules
                for imported in graph.find_modules_directly_imported_by(importer)
                if self._is_window(root, importer.split("."), imported.split("."))
            }
        )
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def _is_window(self, root: str, importer: list[str], imported: list[str]) -> bool:
        if importer[0] != root or imported[0] != root or len(importer) < 2 or len(imported) < 2:
            return False
        if importer[1] == imported[1] or importer[1] in (self.free_importers or ()):
            return False
        if imported[1] in (self.open_rooms or ()):
            return False
        if len(imported) < 3:
            return True
        alike = len(importer) > 2 and importer[2] == imported[2] and imported[2] in (self.alike or ())
        return not alike and imported[2] not in self.doors  # type: ignore[operator] # a set once read

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Each import that goes past the doors."""
        broken: list[tuple[Any, Any]] = check.metadata["broken"]
        for importer, imported in broken:
            output.print_error(f"{importer} → {imported}")
