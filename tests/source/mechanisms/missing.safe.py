#% what the second one is refused is handled
class AutoRelated(RelatedDescriptor):
    def __get__(self, instance, owner=None):
        model = self.related.related_model
        try:
            return super().__get__(instance, owner)
        except model.DoesNotExist:
            made = model(**{self.related.field.name: instance})
            try:
                made.save()
            except IntegrityError:
                pass
            return super().__get__(instance, owner)
#% nothing is made
def tag_for(name):
    try:
        return taglib.lookup(name)
    except Tag.DoesNotExist:
        return None
#% made in memory only
def tag_for(name):
    try:
        return taglib.lookup(name)
    except Tag.DoesNotExist:
        return Tag(name=name)
#% a file is missing, and is written
def load(path):
    try:
        return storage.read(path)
    except storage.DoesNotExist:
        storage.save(path, b"")
        return b""
#% what is missing is told to somebody
def tag_for(name, user):
    try:
        return taglib.lookup(name)
    except Tag.DoesNotExist:
        Complaint.objects.create(user=user, text=name)
        raise
