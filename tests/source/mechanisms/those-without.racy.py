#% mail goes to whom no mail is on record -> remind
def remind(course):
    for student in Student.objects.filter(course=course).exclude(reminder__course=course):
        send_mail("Soon", course.text, None, [student.email])
        Reminder.objects.create(student=student, course=course)
class Student(models.Model):
    email = models.EmailField()
class Reminder(models.Model):
    student = models.ForeignKey(Student, on_delete=models.CASCADE)
#% orders without an invoice get one -> bill
class Order(models.Model):
    total = models.IntegerField()
class Invoice(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="invoices")
def bill():
    for order in Order.objects.filter(invoices__isnull=True):
        Invoice.objects.create(order=order, total=order.total)
#% the handled IntegrityError comes after the mail -> greet
class Member(models.Model):
    email = models.EmailField()
class Greeting(models.Model):
    member = models.OneToOneField(Member, on_delete=models.CASCADE)
def greet():
    members = Member.objects.exclude(greeting__isnull=False)
    for member in members:
        try:
            mailer.send_email(member.email, "welcome")
            Greeting.objects.create(member=member)
        except IntegrityError:
            log.info("greeted already")
#% the first without one is taken -> next_machine
class Machine(models.Model):
    name = models.CharField(max_length=10)
class Lease(models.Model):
    machine = models.ForeignKey(Machine, on_delete=models.CASCADE)
    user = models.CharField(max_length=10)
def next_machine(user):
    machine = Machine.objects.filter(lease=None).first()
    if machine is None:
        raise NothingFree()
    return Lease.objects.create(machine=machine, user=user)
#% through the relation's manager -> settle
class Account(models.Model):
    name = models.CharField(max_length=10)
class Settlement(models.Model):
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="settlements")
    month = models.DateField()
def settle(month):
    for account in Account.objects.exclude(settlements__month=month):
        bank.transfer(account, month)
        account.settlements.create(month=month)
#% the function that sends is handed on -> greet
class Member(models.Model):
    email = models.EmailField()
class Greeting(models.Model):
    member = models.OneToOneField(Member, on_delete=models.CASCADE)
def call_api(send, path, data):
    answer = send(path, json=data)
    answer.raise_for_status()
    return answer
def greet():
    for member in Member.objects.exclude(greeting__isnull=False):
        try:
            call_api(requests.post, "/mails", {"to": member.email})
            Greeting.objects.create(member=member)
        except IntegrityError:
            log.info("greeted already")
