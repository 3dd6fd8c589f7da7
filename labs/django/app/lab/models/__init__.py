from .credentials import AccessToken, EndedSession, RefreshToken, Session
from .people import Profile
from .things import (
    Account,
    Coupon,
    Document,
    Handle,
    Invitation,
    Membership,
    Nickname,
    Notice,
    Redemption,
    Team,
)

__all__ = [
    "AccessToken",
    "Account",
    "Coupon",
    "Document",
    "EndedSession",
    "Handle",
    "Invitation",
    "Membership",
    "Nickname",
    "Notice",
    "Profile",
    "Redemption",
    "RefreshToken",
    "Session",
    "Team",
]
