"""Addresses of tasks and of handing work over."""

from django.urls import path

from regulars.promises.views import handing_over, tasks, tasks_verbs

urlpatterns = [
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks/line/", tasks.add_task_line, name="task-line"),
    path("tasks/new/", tasks_verbs.add_task_page, name="task-add"),
    path("tasks/<int:pk>/", tasks_verbs.task, name="task"),
    path("tasks/<int:pk>/edit/", tasks_verbs.edit_task, name="task-edit"),
    path("tasks/<int:pk>/completion/", tasks_verbs.complete_task, name="task-complete"),
    path("tasks/<int:pk>/putting-off/", tasks_verbs.put_off_task, name="task-put-off"),
    path("tasks/<int:pk>/removal/", tasks_verbs.remove_task_page, name="task-remove"),
    path("tasks/<int:pk>/items/<int:row>/ticking/", tasks_verbs.tick_task_item, name="task-tick"),
    path("contacts/<int:pk>/tasks/", tasks.contact_tasks, name="contact-tasks"),
    path("companies/<int:pk>/tasks/", tasks.company_tasks, name="company-tasks"),
    path("contacts/<int:pk>/handed-over/", handing_over.contact_handed_over, name="contact-handed-over"),
    path("companies/<int:pk>/handed-over/", handing_over.company_handed_over, name="company-handed-over"),
    path("handed-over/<int:pk>/", handing_over.handed_over, name="handed-over"),
    path("settings/colleagues/<int:pk>/work/", handing_over.reassign_colleague, name="colleague-reassign"),
]
