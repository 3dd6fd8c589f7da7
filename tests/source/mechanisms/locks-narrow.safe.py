#% a lock for each desk
def admit(desk, visitor_id):
    with redis_lock(f"admit:{desk.pk}"):
        if Visit.objects.filter(desk=desk).count() >= desk.places:
            raise ValueError("full")
        Visit.objects.create(desk=desk, visitor_id=visitor_id)
#% counted is what the key says
def admit(desk, visitor_id):
    with redis_lock(f"admit:{desk.pk}:{visitor_id}"):
        if Visit.objects.filter(desk=desk, visitor_id=visitor_id).count() >= 3:
            raise ValueError("often enough")
        Visit.objects.create(desk=desk, visitor_id=visitor_id)
#% named twice
def admit(desk, visitor_id):
    with redis_lock(f"admit:{desk.pk}:{desk.name}"):
        if Visit.objects.filter(desk=desk).count() >= desk.places:
            raise ValueError("full")
        Visit.objects.create(desk=desk, visitor_id=visitor_id)
#% the desk is locked under it
def admit(desk_id, visitor_id):
    with redis_lock(f"admit:{desk_id}:{visitor_id}"):
        with transaction.atomic():
            desk = Desk.objects.select_for_update().get(pk=desk_id)
            if Visit.objects.filter(desk=desk).count() >= desk.places:
                raise ValueError("full")
            Visit.objects.create(desk=desk, visitor_id=visitor_id)
#% a wider lock around it
def admit(desk, visitor_id):
    with redis_lock(f"desk:{desk.pk}"):
        with redis_lock(f"admit:{desk.pk}:{visitor_id}"):
            if Visit.objects.filter(desk=desk).count() >= desk.places:
                raise ValueError("full")
            Visit.objects.create(desk=desk, visitor_id=visitor_id)
#% whether the other part comes from the first, nobody sees
def admit(form):
    desk = form.desk
    room = rooms[desk.pk]
    with redis_lock(f"admit:{room.pk}"):
        if Visit.objects.filter(desk=desk).count() >= desk.places:
            raise ValueError("full")
        Visit.objects.create(desk=desk, visitor_id=form.visitor_id)
