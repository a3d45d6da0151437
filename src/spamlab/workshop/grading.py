"""The steps of nbgrader's that a start needs, imported only when one is needed: nbgrader takes seconds to import."""

from __future__ import annotations

from pathlib import Path

from spamlab.content.identity import Workshop

COURSE = "spamlab"


def is_released(workshop: Workshop, lab: str) -> bool:
    """Whether the lab lies in the exchange."""
    return (workshop.exchange / COURSE / "outbound" / lab / f"{lab}.ipynb").is_file()


def write_course(workshop: Workshop) -> None:
    """Make nbgrader's course folder with its configuration, where it is missing or old."""
    from spamlab.grading.course import write_course as write

    write(workshop)


def build_and_release(workshop: Workshop, lab: str) -> None:
    """Build the lab's notebook and put it into the exchange; raises a SpamlabError with one sentence."""
    from spamlab.grading import steps

    steps.build(workshop, lab)
    steps.release(workshop, lab)


def fetch(workshop: Workshop, participant: str, lab: str) -> None:
    """Bring a released lab into the participant's home."""
    from spamlab.grading import steps

    steps.fetch(workshop, participant, lab)


def name_participants(workshop: Workshop) -> None:
    """Enter the participants into the gradebook by their ids; nbgrader shows those it meets later as "None, None"."""
    from spamlab.grading import course

    with course.opened(workshop.course, course.read_config(workshop.course)) as api, api.gradebook as book:
        for participant in workshop.participants:
            book.update_or_create_student(participant, last_name=participant, first_name="participant")


def write_kernel(folder: Path) -> None:
    """Write the description of the notebooks' kernel into FOLDER/kernels/spamlab/."""
    from spamlab.sandbox.kernel import write_kernelspec

    write_kernelspec(folder)
