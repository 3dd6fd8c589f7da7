"""Adding to a number."""

from django.db.models import F
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from lab.models import Profile

from .base import Done, Endpoint, Racy, Right, Unlocked, done


class ScoreAddition(serializers.Serializer):
    score = serializers.IntegerField(min_value=-1_000_000, max_value=1_000_000)


class Score(Endpoint):
    @extend_schema(summary="Add to the caller's score", request=ScoreAddition, responses=Done)
    def post(self, request):
        return self.act(self.add, self.validated(ScoreAddition)["score"])


class RacyScore(Score, Racy):
    def add(self, score):
        profile = self.request.user.profile
        self.think()
        profile.score += score
        profile.save()
        return done()


class AddInPlace:
    def add(self, score):
        self.think()
        Profile.objects.filter(user=self.request.user).update(score=F("score") + score)
        return done()


class RightScore(AddInPlace, Score, Right):
    pass


class UnlockedScore(AddInPlace, Score, Unlocked):
    pass
