#% the library's descriptor looks, and says that there is none -> AutoRelated.__get__
class AutoRelated(RelatedDescriptor):
    def __get__(self, instance, owner=None):
        model = self.related.related_model
        try:
            return super().__get__(instance, owner)
        except model.DoesNotExist:
            made = model(**{self.related.field.name: instance})
            made.save()
            return made
#% a lookup of a library -> tag_for
def tag_for(name):
    try:
        tag = taglib.lookup(name)
    except Tag.DoesNotExist:
        tag = Tag(name=name)
        tag.save()
    return tag
#% the object is asked, nobody sees how -> inbox_of
def inbox_of(owner):
    try:
        inbox = owner.load_inbox()
    except Inbox.DoesNotExist:
        inbox = Inbox.objects.create(owner=owner)
    return inbox
#% the class is chosen at run time -> open_box
def open_box(kind, owner):
    box_class = BOXES[kind]
    try:
        return box_class.objects.get(owner=owner)
    except box_class.DoesNotExist:
        return box_class.objects.create(owner=owner)
#% of whatever model it is given -> ensure
def ensure(model, **lookup):
    try:
        return model.objects.get(**lookup)
    except model.DoesNotExist:
        row = model(**lookup)
        row.save()
        return row
