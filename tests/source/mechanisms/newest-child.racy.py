#% the last of its posts, in a column of the topic -> refresh_topic
def refresh_topic(topic):
    last = topic.posts.order_by("-made_at").first()
    topic.last_post = last
    topic.save(update_fields=["last_post"])
#% when the last one was made, by its topic's key -> refresh_topic
def refresh_topic(topic_id):
    topic = Topic.objects.get(pk=topic_id)
    last = Post.objects.filter(topic=topic).latest("made_at")
    topic.active_at = last.made_at
    topic.save()
#% given to an update -> refresh_topic
def refresh_topic(topic):
    post = Post.objects.filter(topic=topic).order_by("-pk")[0]
    Topic.objects.filter(pk=topic.pk).update(last_author=post.author)
