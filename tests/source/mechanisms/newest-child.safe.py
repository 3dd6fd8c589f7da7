#% asked under the topic's lock
@transaction.atomic
def refresh_topic(topic_id):
    topic = Topic.objects.select_for_update().get(pk=topic_id)
    topic.last_post = topic.posts.order_by("-made_at").first()
    topic.save(update_fields=["last_post"])
#% which of some, that are not the topic's
def rehome(topic):
    topic.board = Board.objects.order_by("place").first()
    topic.save(update_fields=["board"])
#% one that was asked for by its key
def pin(topic, post_id):
    post = topic.posts.get(pk=post_id)
    topic.pinned = post
    topic.save(update_fields=["pinned"])
#% the one that was asked for, and its own
def move(topic, data):
    topic.post = topic.posts.filter(text=data["text"]).first()
    topic.save(update_fields=["post"])
#% its own column, under its own lock
def mend(topic):
    with transaction.atomic():
        text = Topic.objects.filter(pk=topic.pk, made_at__gte=BAD).select_for_update().values("text").first()
        if not text:
            return
        Topic.objects.filter(pk=topic.pk).update(text=text)
        topic.text = text
