"""A bearer token for trying out: python -m deploy.make_token ROLE [--agency CODE]"""

import argparse
import sys
from pathlib import Path

from shared.auth import UserRole
from shared.tokens import ensure_key, sign


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("role", choices=[role.value for role in UserRole])
    parser.add_argument("--agency", help="code such as HN-SCT; needed for the role agency")
    parser.add_argument("--keys", type=Path, default=Path(".local/keys"))
    options = parser.parse_args()
    role = UserRole(options.role)
    if (role is UserRole.AGENCY) != (options.agency is not None):
        print("token: the role agency needs AGENCY=<code>, the others have none", file=sys.stderr)
        return 2
    ensure_key(options.keys)
    print(sign(options.keys, [role], agency=options.agency))
    return 0


if __name__ == "__main__":
    sys.exit(main())
