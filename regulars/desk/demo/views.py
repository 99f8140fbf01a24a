"""Taking the demo away from the browser."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.access.door import SignedInRequest, can
from regulars.access.models import Organisation
from regulars.desk.demo.remove import remove_demo
from regulars.lib.toast import toast


@require_POST
@can("settings")
def remove_sample_data(request: SignedInRequest) -> HttpResponse:
    """Remove the sample data; a whole demo installation begins anew with set-up."""
    count = remove_demo(by=request.user)
    if Organisation.current() is None:
        request.session.flush()
        return redirect("setup")
    toast(
        request,
        _("The sample data is gone. What you added is still here.") if count else _("There is no sample data."),
    )
    return redirect("today")


urlpatterns = [path("demo/removal/", remove_sample_data, name="demo-removal")]
