"""A coupon can be redeemed once, by whoever comes first."""

import secrets

from django.db.models import F
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from lab.models import Coupon, Profile, Redemption

from .base import Done, Endpoint, Racy, Right, Unlocked, done

SPENT = {409: OpenApiResponse(description="It has been redeemed before.")}


class NewCoupon(serializers.Serializer):
    value = serializers.IntegerField(min_value=1, max_value=1000)


class CouponView(serializers.Serializer):
    code = serializers.CharField()
    value = serializers.IntegerField()
    redeemed = serializers.BooleanField()
    redemptions = serializers.IntegerField()


def existing(code):
    coupon = Coupon.objects.filter(code=code).first()
    if coupon is None:
        raise NotFound()
    return coupon


def view_of(coupon):
    return {
        "code": coupon.code,
        "value": coupon.value,
        "redeemed": coupon.redeemed,
        "redemptions": coupon.redemptions.count(),
    }


class Coupons(Endpoint):
    @extend_schema(summary="Issue a coupon", request=NewCoupon, responses={201: CouponView})
    def post(self, request):
        return self.act(self.issue, self.validated(NewCoupon)["value"])

    def issue(self, value):
        coupon = Coupon.objects.create(code=secrets.token_hex(8), owner=self.request.user, value=value)
        return Response(view_of(coupon), status=201)


class RacyCoupons(Coupons, Racy):
    pass


class RightCoupons(Coupons, Right):
    pass


class UnlockedCoupons(Coupons, Unlocked):
    pass


class OneCoupon(Endpoint):
    @extend_schema(summary="A coupon and what became of it", responses=CouponView)
    def get(self, request, code):
        return Response(view_of(existing(code)))

    @extend_schema(summary="Withdraw a coupon", responses={204: None})
    def delete(self, request, code):
        Coupon.objects.filter(code=code, owner=request.user).delete()
        return Response(status=204)


class Redeem(Endpoint):
    @extend_schema(summary="Redeem a coupon, once", request=None, responses={200: Done, **SPENT})
    def post(self, request, code):
        return self.act(self.redeem, code)

    def pay(self, code, value):
        Redemption.objects.create(coupon_id=code, user=self.request.user)
        Profile.objects.filter(user=self.request.user).update(credit=F("credit") + value)
        return done()


def spent():
    return Response({"detail": "It has been redeemed before."}, status=409)


class RacyRedeem(Redeem, Racy):
    def redeem(self, code):
        coupon = existing(code)
        if coupon.redeemed:
            return spent()
        self.think()
        coupon.redeemed = True
        coupon.save()
        return self.pay(code, coupon.value)


class RightRedeem(Redeem, Right):
    def redeem(self, code):
        coupon = existing(code)
        self.think()
        # Tests and spends in one statement; who has spent it is who changed a row.
        if Coupon.objects.filter(code=code, redeemed=False).update(redeemed=True) == 0:
            return spent()
        return self.pay(code, coupon.value)
