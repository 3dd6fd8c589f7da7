"""A text that only its owner may read and write, and that can be given to somebody else."""

from django.contrib.auth import get_user_model
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.response import Response

from lab.models import Document

from .base import Done, Endpoint, Racy, Right, done


class Text(serializers.Serializer):
    text = serializers.CharField(max_length=500)


class NewOwner(serializers.Serializer):
    owner = serializers.CharField(max_length=150, help_text="username of who gets it")


class DocumentView(serializers.Serializer):
    id = serializers.IntegerField()
    owner = serializers.CharField()
    text = serializers.CharField()


def view_of(document):
    return {"id": document.pk, "owner": document.owner.username, "text": document.text}


def owned(documents, id, user):
    document = documents.filter(pk=id).first()
    if document is None:
        raise NotFound()
    if document.owner_id != user.pk:
        raise PermissionDenied()
    return document


class Documents(Endpoint):
    @extend_schema(summary="Write a document", request=Text, responses={201: DocumentView})
    def post(self, request):
        return self.act(self.write, self.validated(Text))

    def write(self, data):
        document = Document.objects.create(owner=self.request.user, **data)
        return Response(view_of(document), status=201)


class RacyDocuments(Documents, Racy):
    pass


class RightDocuments(Documents, Right):
    pass


class OneDocument(Endpoint):
    @extend_schema(summary="A document of the caller", responses=DocumentView)
    def get(self, request, id):
        return Response(view_of(owned(Document.objects, id, request.user)))

    @extend_schema(summary="Replace its text", request=Text, responses=Done)
    def put(self, request, id):
        return self.replace(id)

    @extend_schema(summary="Delete it", responses={204: None})
    def delete(self, request, id):
        Document.objects.filter(pk=id, owner=request.user).delete()
        return Response(status=204)


class RacyDocument(OneDocument, Racy):
    def replace(self, id):
        # In the order of DRF's own UpdateModelMixin: whose it is first, and then the body.
        document = owned(Document.objects, id, self.request.user)
        document.text = self.validated(Text)["text"]
        self.think()
        document.save(update_fields=["text"])
        return done()


class RightDocument(OneDocument, Right):
    def replace(self, id):
        return self.act(self.replace_with, id, self.validated(Text)["text"])

    def replace_with(self, id, text):
        document = owned(Document.objects.select_for_update(), id, self.request.user)
        self.think()
        document.text = text
        document.save(update_fields=["text"])
        return done()


class GiveAway(Endpoint):
    @extend_schema(summary="Transfer the ownership", request=NewOwner, responses=Done)
    def post(self, request, id):
        name = self.validated(NewOwner)["owner"]
        owner = get_user_model().objects.filter(username=name).first()
        if owner is None:
            raise ValidationError({"owner": ["No such user."]})
        return self.act(self.give, id, owner)


class RacyGiveAway(GiveAway, Racy):
    def give(self, id, owner):
        document = owned(Document.objects, id, self.request.user)
        document.owner = owner
        document.save(update_fields=["owner"])
        return done()


class RightGiveAway(GiveAway, Right):
    def give(self, id, owner):
        document = owned(Document.objects.select_for_update(), id, self.request.user)
        document.owner = owner
        document.save(update_fields=["owner"])
        return done()
