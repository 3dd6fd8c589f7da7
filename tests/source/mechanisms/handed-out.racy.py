#% rows that are free are marked and handed out, one after the other -> take
def take(size):
    batch = []
    now = timezone.now()
    for job in Job.objects.filter(taken_at__isnull=True)[:size]:
        job.taken_at = now
        job.save(update_fields=["taken_at"])
        batch.append((job.pk, job.payload))
    return batch
#% the rows themselves are handed out -> claim_letters
def claim_letters(worker):
    letters = list(Letter.objects.filter(worker=None).order_by("pk")[:10])
    for letter in letters:
        letter.worker = worker
        letter.save()
    return letters
#% one at a time, by a generator -> pending
def pending():
    for order in Order.objects.filter(state="paid"):
        order.state = "packing"
        order.save(update_fields=["state"])
        yield order
#% missed: in a dictionary, by key -> reserve
def reserve(shop):
    found = {}
    for voucher in Voucher.objects.filter(shop=shop, reserved=False)[:5]:
        voucher.reserved = True
        voucher.save()
        found[voucher.code] = voucher
    return found
#% a method gives the queryset -> Broker.take
class Broker:
    @staticmethod
    def messages():
        return Message.objects.using("queue")
    def take(self):
        messages = self.messages().filter(lock__lt=long_ago())[0:5]
        if messages:
            taken = []
            for message in messages:
                message.lock = timezone.now()
                message.save(update_fields=["lock"])
                taken.append((message.pk, message.body))
            return taken
        sleep(1)
