"""A bearer token for trying out: python -m deploy.make_token ROLE [--agency CODE]"""

import sys
from pathlib import Path

from shared.arguments import Arguments
from shared.auth import UserRole
from shared.tokens import sign

_WHENCE = "make run makes one, and make secrets one in secrets/ (KEYS=secrets)"


def main() -> int:
    parser = Arguments("token", __doc__)
    parser.add_argument("role", choices=[role.value for role in UserRole])
    parser.add_argument("--agency", help="code such as HN-SCT; needed for the role agency")
    parser.add_argument("--keys", type=Path, default=Path(".local/keys"))
    options = parser.parse_args()
    role = UserRole(options.role)
    if (role is UserRole.AGENCY) != (options.agency is not None):
        print("token: the role agency needs AGENCY=<code>, the others have none", file=sys.stderr)
        return 2
    try:
        print(sign(options.keys, [role], agency=options.agency))
    except FileNotFoundError:
        print(f"token: no key in {options.keys}: {_WHENCE}", file=sys.stderr)
        return 2
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no key"
        print(f"token: the key in {options.keys} cannot be read: {reason}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
