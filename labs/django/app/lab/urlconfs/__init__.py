"""One module, one API document: what `manage.py spectacular --urlconf` is given."""

ALL = {
    "token": "lab.urlconfs.token",
    "bearer": "lab.urlconfs.bearer",
    "jwt": "lab.urlconfs.jwt",
    "listings": "lab.listings.urls",
}
