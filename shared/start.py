"""Imported before anything else by a service's process: what its start need not pay for."""

import gc
import sys
from types import ModuleType
from typing import cast

# a fifth of the start goes into walking through modules that all stay; ``serve`` turns it on again
gc.disable()
# structlog would load rich, and pygments with it, to draw tracebacks that JSON logs never show;
# FastAPI would load pydantic.v1 to ask of each annotation whether it is of that
for unneeded in ("rich", "pydantic.v1"):
    sys.modules[unneeded] = cast(ModuleType, None)
