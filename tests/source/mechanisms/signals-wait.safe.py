#% all of them wait
order_made = Signal()
order_paid = Signal()
order_sent = Signal()
class OrderManager(models.Manager):
    def make(self, data):
        with transaction.atomic():
            order = self.create(**data)
            transaction.on_commit(lambda: order_made.send(sender=self.__class__, order=order))
        return order
    def ship(self, order, parcel):
        with transaction.atomic():
            Parcel.objects.create(order=order, number=parcel)
            transaction.on_commit(lambda: order_sent.send_robust(sender=self.__class__, order=order))
    def pay(self, order, amount):
        with transaction.atomic():
            payment = Payment.objects.create(order=order, amount=amount)
            transaction.on_commit(
                lambda: order_paid.send(sender=self.__class__, order=order, payment=payment)
            )
        return payment
#% sent after the block
order_made = Signal()
order_paid = Signal()
order_sent = Signal()
class OrderManager(models.Manager):
    def make(self, data):
        with transaction.atomic():
            order = self.create(**data)
            transaction.on_commit(lambda: order_made.send(sender=self.__class__, order=order))
        return order
    def ship(self, order, parcel):
        with transaction.atomic():
            Parcel.objects.create(order=order, number=parcel)
            transaction.on_commit(lambda: order_sent.send_robust(sender=self.__class__, order=order))
    def pay(self, order, amount):
        with transaction.atomic():
            payment = Payment.objects.create(order=order, amount=amount)
        order_paid.send(sender=self.__class__, order=order, payment=payment)
        return payment
#% receivers take part in the transaction, and none of them waits
order_made = Signal()
order_paid = Signal()
class OrderManager(models.Manager):
    def make(self, data):
        with transaction.atomic():
            order = self.create(**data)
            order_made.send(sender=self.__class__, order=order)
        return order
    def pay(self, order, amount):
        with transaction.atomic():
            payment = Payment.objects.create(order=order, amount=amount)
            order_paid.send(sender=self.__class__, order=order, payment=payment)
        return payment
