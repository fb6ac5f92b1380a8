"""What a log says of an error: enough to act on, and nothing that people wrote."""

import pytest
from pydantic import BaseModel, ValidationError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.error_words import words_of
from shared.errors import NotYet
from shared.logging import traceback_of
from shared.testing import ServiceUnderTest

SECRET = "Nguyễn Văn Bí Mật"


class Person(BaseModel):
    age: int


async def database_error(probe: ServiceUnderTest, sql: str, **values: object) -> DBAPIError:
    async with probe.sessions() as session:
        with pytest.raises(DBAPIError) as caught:
            await session.execute(text(sql), values)
    return caught.value


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        (
            "insert into blocked_keys values (:secret, ''), (:secret, '')",
            "IntegrityError: UniqueViolationError 23505 pk_blocked_keys blocked_keys",
        ),
        ("select cast(cast(:secret as text) as uuid)", "InvalidTextRepresentationError 22P02"),
        ("select cast(:secret as integer)", "DBAPIError: DataError 22000"),
    ],
)
async def test_of_a_database_error_the_code_and_the_names_are_told(
    probe: ServiceUnderTest, sql: str, said: str
) -> None:
    error = await database_error(probe, sql, secret=SECRET)

    assert SECRET in str(error)
    assert words_of(error).endswith(said)


async def test_a_traceback_holds_no_values(probe: ServiceUnderTest) -> None:
    error = await database_error(probe, "select cast(:secret as integer)", secret=SECRET)

    rendered = traceback_of((type(error), error, error.__traceback__))

    assert SECRET not in repr(rendered)
    assert rendered[0]["exc_value"] == "DBAPIError: DataError 22000"
    assert rendered[0]["frames"]


def test_of_a_wrong_body_the_fields_are_told() -> None:
    with pytest.raises(ValidationError) as caught:
        Person.model_validate({"age": SECRET})

    assert words_of(caught.value).startswith("ValidationError: age: Input should be a valid")
    assert SECRET not in words_of(caught.value)


def test_what_python_quotes_is_left_out_and_a_refusal_is_told_whole() -> None:
    assert words_of(ValueError(f"invalid literal: '{SECRET}'")) == "ValueError: invalid literal: …"
    assert words_of(NotYet("task 5 is not known\nyet")) == "NotYet: task 5 is not known"
