"""300 certificates from request to the last number, and 10,000 roster rows as a workbook."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from ground import installation, people, person, timed, world

CERTIFICATES, ROWS = 300, 10_000


def certificates() -> None:
    """What the background job does, one certificate a transaction: numbered, printed as PDF, registered."""
    from keyuan.credits.actions import CertificateFacts, request_certificates
    from keyuan.credits.actions.certificates import issue_next
    from keyuan.credits.models import Certificate

    ground = world(places=CERTIFICATES)
    crowd = people(ground.school, ground.units, CERTIFICATES)
    rows = [
        CertificateFacts(
            person_id=each.pk,
            name=each.name,
            title="演示培训班",
            starts=date(2030, 3, 1),
            ends=date(2030, 3, 5),
            hours=Decimal(24),
        )
        for each in crowd
    ]

    def issue_all() -> None:
        request_certificates(ground.actor, owner_label="training.class", owner_id=1, rows=rows)
        while issue_next(ground.actor, owner_label="training.class", owner_id=1):
            pass

    timed(f"{CERTIFICATES} certificates", issue_all)
    assert Certificate.objects.filter(state="issued").count() == CERTIFICATES  # noqa: S101 - measured work must be done


def main() -> None:
    """Measure both."""
    with installation() as folder:
        from keyuan.people.sheets import ROSTER

        target = Path(folder) / "out.xlsx"
        timed(
            f"export of {ROWS} x {len(ROSTER.columns)} to xlsx",
            lambda: target.write_bytes(ROSTER.export(person(n, "演示学会") for n in range(ROWS))),
        )
        certificates()


if __name__ == "__main__":
    main()
