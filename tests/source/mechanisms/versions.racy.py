# A version or a time compared in Python, then the row saved.
#% version from the body -> put_page
def put_page(request, slug):
    page = get_object_or_404(Page, slug=slug)
    sent = json.loads(request.body)
    if sent["version"] != page.version:
        return JsonResponse({"error": "edited meanwhile"}, status=409)
    page.text = sent["text"]
    page.version = page.version + 1
    page.save()
    return JsonResponse({"version": page.version})
#% a time, and it is touched by the database -> store_reading
class Gauge(models.Model):
    value = models.FloatField()
    changed_at = models.DateTimeField(auto_now=True)
def store_reading(gauge_id, value, begun):
    gauge = Gauge.objects.filter(pk=gauge_id).first()
    if gauge and gauge.changed_at < begun:
        gauge.value = value
        gauge.save(update_fields=["value"])
#% the row's own time against the message's -> apply_event
def apply_event(payload):
    subscription = Subscription.objects.get(remote_id=payload["id"])
    if subscription.last_event_at and subscription.last_event_at >= parse(payload["at"]):
        return
    subscription.plan = payload["plan"]
    subscription.last_event_at = parse(payload["at"])
    subscription.save()
#% If-Match -> ArticleView.put
class ArticleView(APIView):
    def put(self, request, pk):
        article = Article.objects.get(pk=pk)
        if request.headers.get("If-Match") != article.etag:
            return Response(status=412)
        article.body = request.data["body"]
        article.etag = uuid4().hex
        article.save()
        return Response(status=204)
#% the revision in a form -> EntryForm.clean|edit_entry|EntryForm.save
class EntryForm(forms.ModelForm):
    revision = forms.IntegerField(widget=forms.HiddenInput)
    class Meta:
        model = Entry
        fields = ["text"]
    def clean_revision(self):
        if self.cleaned_data["revision"] != self.instance.revision:
            raise forms.ValidationError("somebody else was faster")
        return self.cleaned_data["revision"]
    def save(self, commit=True):
        self.instance.revision += 1
        return super().save(commit)
#% compared in a method of the model -> Contract.revise
class StaleError(Exception):
    pass
class Contract(models.Model):
    lock_version = models.IntegerField(default=0)
    terms = models.TextField()
    def check_version(self, seen):
        if self.lock_version != seen:
            raise StaleError()
    def revise(self, terms, seen):
        self.check_version(seen)
        self.terms = terms
        self.lock_version += 1
        self.save()
#% a transaction does not make it a lock -> ProfileSerializer.update
class ProfileSerializer(serializers.ModelSerializer):
    class Meta:
        model = Profile
        fields = ["motto", "version"]
    @transaction.atomic
    def update(self, instance, validated_data):
        if validated_data.pop("version") != instance.version:
            raise serializers.ValidationError("conflict")
        instance.motto = validated_data["motto"]
        instance.version = instance.version + 1
        instance.save()
        return instance
#% the later one wins, decided in Python -> sync_contact
def sync_contact(contact_id, remote):
    contact = Contact.objects.get(pk=contact_id)
    if remote.updated <= contact.updated_at:
        return False
    contact.phone = remote.phone
    contact.save(update_fields=["phone"])
    return True
