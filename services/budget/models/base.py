"""What all tables of the budget service have in common, and the names of the agencies."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.database import NAMING

LIMIT = 10**15
"""The most đồng on one line; what events can carry."""


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: DateTime(timezone=True), str: Text(), int: BigInteger()}


class Agency(Base):
    """An agency's name, as assignment's register last told it."""

    __tablename__ = "agencies"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    version: Mapped[int]
