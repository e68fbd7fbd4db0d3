from grimp import ImportGraph

from tests.project.doors import ThreeDoors


def broken(*imports: tuple[str, str]) -> list[tuple[str, str]]:
    graph = ImportGraph()
    for importer, imported in imports:
        for module in (importer, imported):
            if module not in graph.modules:
                graph.add_module(module)
        graph.add_import(importer=importer, imported=imported)
    contract = ThreeDoors(
        name="doors",
        session_options={"root_packages": ["house"]},
        contract_options={
            "doors": ["models", "queries", "actions"],
            "open_rooms": ["kernel"],
            "free_importers": ["project"],
        },
    )
    check = contract.check(graph, verbose=False)
    assert check.kept == (not check.metadata["broken"])
    return check.metadata["broken"]


def test_a_room_is_entered_by_its_three_doors():
    assert (
        broken(
            ("house.training.actions", "house.credits.actions"),
            ("house.training.actions", "house.credits.actions.certificates"),
            ("house.training.views", "house.people.queries"),
            ("house.training.models", "house.people.models"),
        )
        == []
    )


def test_climbing_in_elsewhere_breaks_the_contract():
    windows = [
        ("house.training.actions", "house.credits.rules"),
        ("house.training.actions", "house.credits.rules.chain"),
        ("house.training.views", "house.people"),
        ("house.training.views", "house.people.forms"),
    ]
    assert broken(*windows) == sorted(windows)


def test_the_kernel_is_open_and_the_project_may_look_anywhere():
    assert (
        broken(("house.training.views", "house.kernel.pages"), ("house.project.urls", "house.desk.urls"))
        == []
    )


def test_inside_a_room_every_module_may_be_used():
    assert broken(("house.training.views", "house.training.forms")) == []
