"""The paths of one scheme's halves: `/<scheme>/<half>/…`."""

from django.db import transaction
from django.urls import path

from lab.endpoints import coupons, documents, invitations, names, people, score, sessions, teams, transfers
from lab.endpoints.refresh import REFRESHES

HALVES = ("racy", "right", "unlocked", "grace")

SHARED = {
    "register/": people.Register,
    "profile/": people.Me,
    "coupons/<str:code>/": coupons.OneCoupon,
}
THINGS = {
    "accounts/<int:id>/": transfers.OneAccount,
    "invitations/<int:id>/": invitations.OneInvitation,
    "teams/<int:id>/": teams.OneTeam,
}
TWINS = {
    "logout/": (sessions.RacyLogout, sessions.RightLogout),
    "score/": (score.RacyScore, score.RightScore),
    "coupons/": (coupons.RacyCoupons, coupons.RightCoupons),
    "coupons/<str:code>/redeem/": (coupons.RacyRedeem, coupons.RightRedeem),
    "accounts/": (transfers.RacyAccounts, transfers.RightAccounts),
    "transfers/": (transfers.RacyTransfers, transfers.RightTransfers),
    "invitations/": (invitations.RacyInvitations, invitations.RightInvitations),
    "documents/": (documents.RacyDocuments, documents.RightDocuments),
    "documents/<int:id>/": (documents.RacyDocument, documents.RightDocument),
    "documents/<int:id>/owner/": (documents.RacyGiveAway, documents.RightGiveAway),
    "teams/": (teams.RacyTeams, teams.RightTeams),
    "teams/<int:id>/members/": (teams.RacyMembers, teams.RightMembers),
    "teams/<int:id>/members/<str:username>/": (teams.RacyMember, teams.RightMember),
    "teams/<int:id>/notices/": (teams.RacyNotices, teams.RightNotices),
    "names/": (names.RacyNames, names.RightNames),
    "names/<int:id>/": (names.RacyName, names.RightName),
}
GRACE = {"register/": people.Register, "profile/": people.Me, "logout/": sessions.RightLogout}
UNLOCKED = {
    "logout/": sessions.UnlockedLogout,
    "score/": score.UnlockedScore,
    "coupons/": coupons.UnlockedCoupons,
}


def endpoints_of(scheme, half):
    """What there is in one half; nothing, where the scheme has no such half."""
    if half == "grace" and half not in REFRESHES.get(scheme.name, {}):
        return {}
    if half == "unlocked":
        chosen = {**SHARED, **UNLOCKED}
    elif half == "grace":
        chosen = {**GRACE, "refresh/": REFRESHES[scheme.name][half]}
    else:
        chosen = {**SHARED, **THINGS, **{p: twins[half == "right"] for p, twins in TWINS.items()}}
        if scheme.name in REFRESHES:
            chosen["refresh/"] = REFRESHES[scheme.name][half]
    return {**chosen, "login/": sessions.LOGINS[scheme.name]}


def paths_of(scheme):
    """The right half opens its transactions itself, after the body: ATOMIC_REQUESTS would come before it."""
    paths = []
    for half in HALVES:
        for route, endpoint in endpoints_of(scheme, half).items():
            view = endpoint.as_view(scheme=scheme, half=half)
            if half != "racy":
                view = transaction.non_atomic_requests(view)
            paths.append(path(f"{scheme.name}/{half}/{route}", view))
    return paths
