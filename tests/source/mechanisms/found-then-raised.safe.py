#% a form that asks for something else than a row like it
class Plan(models.Model):
    name = models.TextField()
class MemberForm(forms.ModelForm):
    class Meta:
        model = User
    def clean_plan(self):
        try:
            return Plan.objects.get(name=self.cleaned_data["plan"])
        except Plan.DoesNotExist:
            raise forms.ValidationError("no such plan")
    def save(self, commit=True):
        user = super().save(commit=False)
        user.set_password(self.cleaned_data["password"])
        if commit:
            user.save()
        return user
#% what was not found is returned, what was found as well
class Member(models.Model):
    email = models.EmailField()
def name_of(email):
    try:
        member = Member.objects.get(email=email)
    except Member.DoesNotExist:
        return email
    return member.email
def greet(request):
    Mail.objects.create(to=name_of(request.POST["email"]))
