#% a helper returns where nothing was found, and raises else -> register
class Member(models.Model):
    email = models.EmailField()
def checked(email):
    try:
        Member.objects.get(email=email)
    except Member.DoesNotExist:
        return email
    raise ValueError("taken")
def register(request):
    email = checked(request.POST["email"])
    Member.objects.create(email=email)
#% the raise is in the try -> register
class Member(models.Model):
    email = models.EmailField()
def checked(email):
    try:
        Member.objects.get(email=email)
        raise ValueError("taken")
    except Member.DoesNotExist:
        return email
def register(request):
    email = checked(request.POST["email"])
    Member.objects.create(email=email)
#% a form that asks in clean_email, its save() does what a form's does -> MemberForm.clean_email
class MemberForm(forms.ModelForm):
    class Meta:
        model = User
    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        try:
            User.objects.get(email=email)
        except User.DoesNotExist:
            return email
        raise forms.ValidationError("taken")
#% and one with a save() of its own -> MemberForm.save
class MemberForm(forms.ModelForm):
    class Meta:
        model = User
    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError("taken")
        return email
    def save(self, commit=True):
        user = super().save(commit=False)
        user.set_password(self.cleaned_data["password"])
        if commit:
            user.save()
        return user
